"""What is measured: simulators that hold definitions and know none of the laws."""
