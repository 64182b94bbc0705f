"""Inflates archives with zlib and throws their text away: the least that a program with the usual library can spend.

Usage: zlib_job.py 'GLOB' THREADS

Prints the bytes of the text. Each thread inflates an archive; zlib holds no lock of Python's meanwhile.
"""

import glob
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor

CHUNK = 128 * 1024


def inflate(path):
    """The bytes of the archive's text, whose members follow each other."""
    count = 0
    inflater = zlib.decompressobj(wbits=31)
    with open(path, "rb") as archive:
        while chunk := archive.read(CHUNK):
            while chunk:
                if inflater.eof:
                    inflater = zlib.decompressobj(wbits=31)
                count += len(inflater.decompress(chunk))
                chunk = inflater.unused_data
    if not inflater.eof:
        sys.exit(f"{path} ends too early")
    return count


def main():
    archives, threads = sys.argv[1:3]
    with ThreadPoolExecutor(int(threads)) as pool:
        print(sum(pool.map(inflate, sorted(glob.glob(archives)))))


if __name__ == "__main__":
    main()
