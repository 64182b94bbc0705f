"""What the figures were measured on."""

import os
import platform
import re
import subprocess
import zlib
from importlib.metadata import version


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().split("\n")[0]


def description(options):
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*: (.*)", file.read())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": model.group(1) if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{memory / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before": f"{os.getloadavg()[0]:.2f}",
        "calltally": first_line(options.binary, "--version"),
        "duckdb": version("duckdb"),
        "chdb": version("chdb"),
        "gzip": first_line("gzip", "--version"),
        "pigz": first_line("pigz", "--version"),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "FastInflate": f"ISA-L {first_line('pkg-config', '--modversion', 'libisal')}" if options.fast_inflate else "off",
    }
