"""The commands of xltrack named, one after the other as a person types them, with a store of their own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
with tempfile.TemporaryDirectory() as folder:
    store, out = ["--store", str(Path(folder) / "a.duckdb")], Path(folder) / "national.xlsx"
    arguments = {
        "validate": ["validate", task["folder"], *store],
        "merge": ["merge", task["folder"], *store],
        "rollup": ["rollup", "-o", str(out), *store],
    }
    for command in sys.argv[2:]:
        said = subprocess.run(
            [sys.executable, "-m", "xltrack", *arguments[command]], check=False, stdout=subprocess.DEVNULL
        )
        if said.returncode > 1:
            sys.exit(said.returncode)
    found = {}
    if "merge" in sys.argv:
        from xltrack.forms import load_schemas
        from xltrack.store import open_store

        with open_store(Path(folder) / "a.duckdb", load_schemas(), read_only=True) as opened:
            found["rows"] = sum(
                opened.rows(f"SELECT count(*) FROM {name}", [])[0][0] for name in task["sheets"]
            )
            sums = ("SELECT sum(revenue) FROM enterprises", "SELECT sum(amount) FROM funding")
            found["money"] = sum(int(opened.rows(query, [])[0][0]) for query in sums)
print(json.dumps(found))
