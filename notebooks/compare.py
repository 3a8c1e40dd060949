"""Compares the text outputs of two runs of a notebook; pictures need only be there in both."""
import json
import sys


def outputs(path):
    found = []
    for number, cell in enumerate(json.load(open(path, encoding="utf-8"))["cells"]):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = output.get("text") or data.get("text/plain") or output.get("traceback") or ""
            text = "".join(text) if isinstance(text, list) else text
            kind = (number, output["output_type"])
            # What a cell prints arrives in one piece or several, as it happens.
            if kind[1] == "stream" and found and found[-1][:2] == kind:
                found[-1] = (*kind, found[-1][2] + text)
            else:
                found.append((*kind, "picture" if "image/png" in data else text))
    return found


committed, executed = (outputs(path) for path in sys.argv[1:3])
if committed != executed:
    for before, after in zip(committed, executed):
        if before != after:
            print("committed:", *before, "executed:", *after, sep="\n")
    sys.exit("the notebook's outputs differ from the committed ones: run it anew (notebooks/README.md)")
print(len(executed), "outputs are the same")
