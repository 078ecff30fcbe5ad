"""Benchmarks as ratios of one run: our pages beside a bare application, the feed beside plain COPY."""
