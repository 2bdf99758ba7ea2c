"""The driver `opencv_camera`: cameras on the network or on this machine, and files played as cameras."""

from drivers.opencv_camera.driver import OpenCvCamera, OpenCvCameraDriver

__all__ = ["OpenCvCamera", "OpenCvCameraDriver"]
