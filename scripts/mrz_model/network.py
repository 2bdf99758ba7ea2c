"""The network: fully convolutional, a strip 32 pixels high in, log-odds of 38 classes a step out."""

import torch
from torch import Tensor, nn

from scripts.mrz_model.lines import CLASSES


class LineNetwork(nn.Module):
    """Input n x 1 x 32 x W, output n x 38 x W/4 (rounded up). Step t is centred on pixel 4 t.

    It sees 53 pixels, two characters to either side: enough to find a glyph, too little to learn words.
    Most weights stand where the picture is small, so that they cost memory rather than time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.see = nn.Sequential(
            _layer(1, 16, 5, stride=(2, 2)),
            _layer(16, 32, 3, stride=(2, 1)),
            _Residual(32, 3),
            _Residual(32, 3),
            _layer(32, 64, 3, stride=(2, 2)),
            _Residual(64, 3),
            _Residual(64, 3),
            _layer(64, 96, (4, 3), padding=(0, 1)),
            _Residual(96, (1, 3)),
            nn.Dropout(0.1),
        )
        self.name = nn.Conv2d(96, CLASSES, 1)

    def forward(self, strips: Tensor) -> Tensor:
        """Return the log-odds (n, 38, T), not normalised."""
        return self.name(self.see(strips)).squeeze(2)


class _Residual(nn.Module):
    def __init__(self, channels: int, kernel: int | tuple[int, int]) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2) if isinstance(kernel, tuple) else kernel // 2
        self.change = nn.Sequential(
            nn.Conv2d(channels, channels, kernel, padding=padding, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.change(x))


def _layer(
    inward: int,
    outward: int,
    kernel: int | tuple[int, int],
    stride: tuple[int, int] = (1, 1),
    padding: tuple[int, int] | None = None,
) -> nn.Sequential:
    if padding is None:
        size = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        padding = (size[0] // 2, size[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inward, outward, kernel, stride, padding, bias=False),
        nn.BatchNorm2d(outward),
        nn.ReLU(inplace=True),
    )
