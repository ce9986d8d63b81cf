"""Alice uploads the handwritten digits, as 1,797 image files in a folder for each digit, and as one Parquet file.

She lets bob read them, and nobody else.
"""

import tempfile
from pathlib import Path

import pandas as pd
from PIL import Image
from sklearn.datasets import load_digits

import service


def write_images(digits, folder):
    """Writes 8 × 8 PNG files: folder/<digit>/<number>.png. The values 0 to 16 become 0 to 240, so no information is lost."""
    for number, (pixels, digit) in enumerate(zip(digits.images, digits.target)):
        path = folder / str(digit) / f"{number:04d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((pixels * 15).astype("uint8")).save(path)


def main():
    client = service.client()
    digits = load_digits()

    # To reach the dataset, bob has to pass through alice's home, where he can see nothing else. Whatever is created in the
    # dataset inherits the default entries.
    client.makedirs(service.DATASET, permission="700")
    client.set_acl("/user/alice", "user:bob:--x", clear=False)
    client.set_acl(service.DATASET, "user:bob:r-x,default:user:bob:r-x", clear=False)

    with tempfile.TemporaryDirectory() as local:
        images = Path(local) / "images"
        write_images(digits, images)
        client.upload(service.DATASET, str(images), n_threads=8, overwrite=True)

    frame = pd.DataFrame(digits.data.astype("uint8"), columns=digits.feature_names)
    frame["digit"] = digits.target
    frame.to_parquet(f"{service.uri(service.DATASET)}/digits.parquet", index=False, storage_options=service.storage_options())

    summary = client.content(service.DATASET)
    print(f"{service.DATASET}: {summary['fileCount']} files, {summary['length']} bytes")
    print("who may read it:", ", ".join(client.acl_status(service.DATASET)["entries"]))


if __name__ == "__main__":
    main()
