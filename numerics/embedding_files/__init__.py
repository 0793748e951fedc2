"""Embeddings and covariates from files, block by block: NumPy, Parquet, Arrow, safetensors, CSV.

    file = open_embeddings("vectors.safetensors", tensor="emb.weight")
    scan = scan_norms(file)          # norms, what is wrong with rows, moments: one pass on all cores
    scan.norms, file.take([3, 7])

Needs nothing but NumPy for .npy, .npz and safetensors; Parquet, Arrow and CSV need pyarrow (the extra ``audit``).
"""

from numerics.embedding_files.covariates import Covariates, open_covariates
from numerics.embedding_files.definition import EmbeddingFile
from numerics.embedding_files.number_cells import BadCells
from numerics.embedding_files.opening import open_embeddings
from numerics.embedding_files.regular_file import FileRefused
from numerics.embedding_files.scan import FINE, INFINITE, NAN, NULL, ZERO, NormScan, scan_norms
from numerics.embedding_files.sources import as_float64

__all__ = [
    "FINE", "INFINITE", "NAN", "NULL", "ZERO", "BadCells", "Covariates", "EmbeddingFile", "FileRefused", "NormScan",
    "as_float64", "open_covariates", "open_embeddings", "scan_norms",
]  # fmt: skip
