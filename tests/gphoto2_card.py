"""A look into libgphoto2's virtual camera after three captures, in a process of its own. See test_gphoto2.py.

`python -m tests.gphoto2_card FOLDER` prints as JSON where pictures go and the names of the files that stay.
"""

import json
import os
import sys
from typing import Any

from drivers.gphoto2.camera import Gphoto2Camera
from drivers.gphoto2.handle import Gphoto2Library
from station.devices.cancel import CancelToken
from station.model.capability import CameraSettings, DeviceInfo, DeviceKind


def names_in(camera: Any, folder: str) -> list[str]:
    files, below = camera.folder_list_files(folder), camera.folder_list_folders(folder)
    names = [files.get_name(at) for at in range(files.count())]
    for at in range(below.count()):
        names += names_in(camera, f"{folder.rstrip('/')}/{below.get_name(at)}")
    return names


def main(folder: str) -> None:
    os.environ["VCAMERADIR"] = folder
    library = Gphoto2Library()
    ((model, port),) = library.cameras()
    handle = library.open(model, port)
    camera = Gphoto2Camera(DeviceInfo("gphoto2:x", DeviceKind.CAMERA, "gphoto2", model, port), handle, {})
    before = names_in(handle._camera, "/")
    for _ in range(3):
        camera.still(CameraSettings(), CancelToken())
    report = {
        "target": handle.read("capturetarget"),
        "before": before,
        "after": names_in(handle._camera, "/"),
    }
    camera.close()
    camera.close()
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1])
