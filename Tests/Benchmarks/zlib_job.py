"""Inflates archives with zlib and nothing else, on all cores: what the format itself costs.

Usage: zlib_job.py THREADS ARCHIVE...
"""

import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

CHUNK = 1 << 18


def inflate(path):
    size = 0
    with open(path, "rb") as archive:
        member = zlib.decompressobj(wbits=31)
        while data := archive.read(CHUNK):
            while data:
                size += len(member.decompress(data))
                data = member.unused_data
                if member.eof:
                    member = zlib.decompressobj(wbits=31)
    return size


if __name__ == "__main__":
    # zlib releases the interpreter's lock while it inflates, so threads use all cores.
    with ThreadPoolExecutor(int(sys.argv[1])) as pool:
        print(sum(pool.map(inflate, sys.argv[2:])))
