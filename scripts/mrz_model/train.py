"""Trains the line recogniser from nothing and exports it: `python -m scripts.mrz_model.train`.

Loss: cross-entropy at every step against the centres the printer knows, not CTC, which would have to find them
again. The weights that are kept are a running mean over about the last thousand steps.
"""

import argparse
import copy
import logging
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from scripts.mrz_model.glyphs import FONTS, font_atlas
from scripts.mrz_model.lines import HEIGHT_PX, IGNORED, PITCH_PX, LinePrinter
from scripts.mrz_model.network import LineNetwork

SEED = 20261122
STEPS = 10_000
BATCH = 32
PEAK_RATE = 3e-3
LAST_RATE = 1e-5
WARM_UP_STEPS = 200
LONGEST_MEMORY = 0.999
CHECKPOINT_STEPS = 1_000
FOLDER = Path("build/mrz_model")

log = logging.getLogger(__name__)


class Batches(IterableDataset[tuple[Tensor, Tensor]]):
    """Strips and their labels without end, drawn in one process beside the training."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield (32 x 1 x 32 x W strips, 32 x T labels)."""
        cv2.setNumThreads(1)
        printer = LinePrinter(self._seed, {name: font_atlas(name) for name in FONTS}, list(FONTS.values()))
        index = 0
        while True:
            strips = [printer.draw(index + place) for place in range(BATCH)]
            index += BATCH
            pixels = torch.from_numpy(np.stack([strip.pixels for strip in strips])[:, None])
            yield pixels, torch.from_numpy(np.stack([strip.labels() for strip in strips]))


def train(seed: int, steps: int, folder: Path) -> None:
    """Train and write `ocrb.onnx`, `training.toml` and a checkpoint every 1000 steps into the folder."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    network = LineNetwork().to(memory_format=torch.channels_last)
    kept = copy.deepcopy(network).eval()
    optimiser = torch.optim.AdamW(network.parameters(), PEAK_RATE, weight_decay=1e-2)
    batches = DataLoader(Batches(seed), batch_size=None, num_workers=1, prefetch_factor=8)
    begun = time.monotonic()
    mean_loss = 0.0
    for step, (strips, labels) in enumerate(batches):
        if step == steps:
            break
        for group in optimiser.param_groups:
            group["lr"] = _rate(step, steps)
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(strips.contiguous(memory_format=torch.channels_last))
        loss = nn.functional.cross_entropy(scores.float(), labels, ignore_index=IGNORED)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        _remember(kept, network, step)
        mean_loss += (loss.item() - mean_loss) / min(step + 1, 200)
        if step % 200 == 199:
            log.info("step %d of %d, %.0f s, loss %.4f", step + 1, steps, time.monotonic() - begun, mean_loss)
        if step % CHECKPOINT_STEPS == CHECKPOINT_STEPS - 1:
            export(kept, folder / f"ocrb_{step + 1}.onnx")
    export(kept, folder / "ocrb.onnx")
    facts = {"seed": seed, "steps": steps, "batch": BATCH, "minutes": round((time.monotonic() - begun) / 60)}
    (folder / "training.toml").write_text("".join(f"{name} = {value}\n" for name, value in facts.items()))


def export(network: nn.Module, path: Path) -> None:
    """Write the network as ONNX (opset 13); number and width of the strips are free."""
    plain = copy.deepcopy(network).to(memory_format=torch.contiguous_format).eval()
    torch.onnx.export(
        plain,
        (torch.zeros(1, 1, HEIGHT_PX, 44 * PITCH_PX),),
        str(path),
        input_names=["strip"],
        output_names=["log_odds"],
        dynamic_axes={"strip": {0: "lines", 3: "width"}, "log_odds": {0: "lines", 2: "steps"}},
        opset_version=13,
        dynamo=False,
    )


def _rate(step: int, steps: int) -> float:
    cosine = 0.5 + 0.5 * np.cos(np.pi * step / steps)
    return float(PEAK_RATE * min(1.0, step / WARM_UP_STEPS) * cosine + LAST_RATE)


@torch.no_grad()
def _remember(kept: nn.Module, network: nn.Module, step: int) -> None:
    """Move the running mean of weights and statistics a little towards the network of this step."""
    memory = min(LONGEST_MEMORY, (step + 1) / (step + 20))
    for mean, now in zip(kept.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.is_floating_point():
            mean.lerp_(now, 1 - memory)


def main() -> None:
    """Read the command line and train."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--steps", type=int, default=STEPS, help="steps of 32 strips")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    train(chosen.seed, chosen.steps, chosen.folder)


if __name__ == "__main__":
    main()
