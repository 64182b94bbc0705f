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


def processor():
    """Its name, and what tells it apart where clouds give many the same one."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        found = dict(re.findall(r"(\S.*?)\s*: (.*)", file.read()))
    name = found.get("model name", platform.machine())
    return f"{name}, family {found['cpu family']}, model {found['model']}" if "cpu family" in found else name


def description(options):
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": f"{memory / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "huge pages": first_line("cat", "/sys/kernel/mm/transparent_hugepage/enabled"),
        "load before": options.load_before,
        "tunables": "for all" if options.tunables_for_all else "for calltally and its inflater",
        "swift": first_line("swift", "--version"),
        "calltally": first_line(options.binary, "--version"),
        "duckdb": version("duckdb"),
        "chdb": f"{version('chdb')}, core {version('chdb-core')}",
        "python": platform.python_version(),
        "gzip": first_line("gzip", "--version"),
        "pigz": first_line("pigz", "--version"),
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        "FastInflate": f"ISA-L {first_line('pkg-config', '--modversion', 'libisal')}" if options.fast_inflate else "off",
    }
