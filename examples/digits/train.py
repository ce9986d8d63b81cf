"""Bob trains a model on alice's images, logs the progress, and stores the model.

He may read the dataset but not change it. The stored model is read back and must make the same predictions as the trained one.
"""

import io
import json
import struct
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pandas as pd
from hdfs import HdfsError
from PIL import Image
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

import service
from checksum import file_checksum
from scalars import ScalarLog

EPOCHS = 30
MODEL = f"{service.WORK}/model.joblib"


def read_images(client):
    """Returns all images and their digits, in the order of their numbers."""
    files = [
        (name, int(digit), f"{service.DATASET}/images/{digit}/{name}")
        for digit in client.list(f"{service.DATASET}/images")
        for name in client.list(f"{service.DATASET}/images/{digit}")
    ]
    files.sort()

    def read(file):
        with client.read(file[2]) as reader:
            return np.asarray(Image.open(io.BytesIO(reader.read()))).ravel() // 15

    with ThreadPoolExecutor(8) as pool:
        return np.stack(list(pool.map(read, files))), np.array([digit for _, digit, _ in files])


def train(log, pixels, digits):
    """Fits a linear model, and returns it with the images that it was not trained on, and their digits."""
    seen, unseen, seen_digits, unseen_digits = train_test_split(pixels / 16, digits, random_state=0, stratify=digits)
    model = SGDClassifier(loss="log_loss", random_state=0)
    for epoch in range(EPOCHS):
        model.partial_fit(seen, seen_digits, classes=np.arange(10))
        log(
            epoch,
            {
                "loss/train": log_loss(seen_digits, model.predict_proba(seen)),
                "accuracy/train": model.score(seen, seen_digits),
                "accuracy/unseen": model.score(unseen, unseen_digits),
            },
        )
    return model, unseen, unseen_digits


def main():
    client = service.client()
    pixels, digits = read_images(client)
    print(f"read {len(pixels)} images")

    # The same images, from one file.
    frame = pd.read_parquet(service.uri(f"{service.DATASET}/digits.parquet"), storage_options=service.storage_options())
    assert (frame.drop(columns="digit").to_numpy() == pixels).all() and (frame["digit"] == digits).all()

    try:
        client.write(f"{service.DATASET}/mine", data=b"")
    except HdfsError as refused:
        print("and may not write there:", refused.message)
    else:
        raise AssertionError("bob could write into alice's dataset")

    # curves.py compares these with the event file: the logged values, as the 32-bit floats that an event file contains.
    client.delete(service.RUN, recursive=True)
    events, logged = ScalarLog(client, service.RUN), []

    def log(step, scalars):
        at = events.log(step, scalars)
        logged.extend([tag, at, step, struct.unpack("f", struct.pack("f", value))[0]] for tag, value in scalars.items())

    model, unseen, unseen_digits = train(log, pixels, digits)
    client.write(f"{service.RUN}/logged.json", data=json.dumps(logged).encode())
    print(f"accuracy on {len(unseen)} unseen images: {model.score(unseen, unseen_digits):.3f}")

    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    client.write(MODEL, data=buffer.getvalue(), overwrite=True)
    stored = client.checksum(MODEL)
    assert (stored["algorithm"], stored["bytes"]) == file_checksum(buffer.getvalue()), stored
    print(f"{MODEL}: {len(buffer.getvalue())} bytes, checksum {stored['bytes'][24:56]} as computed here")

    # joblib runs code from the files that it loads: load only what you stored yourself.
    with client.read(MODEL) as reader:
        again = joblib.load(io.BytesIO(reader.read()))
    assert (again.predict(unseen) == model.predict(unseen)).all()
    assert (again.predict_proba(unseen) == model.predict_proba(unseen)).all()
    print("the model that was read back predicts the same")


if __name__ == "__main__":
    main()
