"""Signals and images by orthonormal transforms, as matrices."""

from __future__ import annotations

import numpy as np
from _layers import Array, Program, Seeded
from jax import numpy as jnp

FAMILY = "transforms"


def shrink(x: Array, threshold: float) -> Array:
    """Soft thresholding (Donoho, 1995)."""
    return jnp.sign(x) * jnp.maximum(jnp.abs(x) - threshold, 0)


def cosine(basis: Array, images: Array) -> Array:
    """Translation-invariant denoising (Coifman and Donoho, 1995): blocks' cosines are shrunk, at four shifts."""
    size = basis.shape[0]
    batch, height, width = images.shape
    total = jnp.zeros_like(images)
    for shift in range(0, size, size // 4):
        blocks = jnp.roll(images, (-shift, -shift), (1, 2)).reshape(batch, height // size, size, width // size, size)
        waves = jnp.einsum("pi,bhiwj,qj->bhwpq", basis, blocks, basis)
        smooth = jnp.einsum("pi,bhwpq,qj->bhiwj", basis, shrink(waves, 1.0), basis)
        total += jnp.roll(smooth.reshape(images.shape), (shift, shift), (1, 2))
    return total / 4


def wavelet(pair: Array, images: Array, levels: int = 3) -> Array:
    """Denoising by Haar wavelets (Mallat, 1989): means go a level down, details are shrunk, and all comes back."""
    if not levels:
        return images
    batch, height, width = images.shape
    tiles = images.reshape(batch, height // 2, 2, width // 2, 2)
    bands = jnp.einsum("pi,qj,bhiwj->pqbhw", pair, pair, tiles)
    bands = shrink(bands, 0.5).at[0, 0].set(wavelet(pair, bands[0, 0], levels - 1))
    return jnp.einsum("pi,qj,pqbhw->bhiwj", pair, pair, bands).reshape(images.shape)


def cepstrum(weights: dict[str, Array], waves: Array) -> Array:
    """Mel-frequency cepstral coefficients (Davis and Mermelstein, 1980), how they change, and what is around them."""
    halves = waves.reshape(waves.shape[0], -1, weights["window"].shape[0] // 2)
    frames = jnp.concatenate([halves[:, :-1], halves[:, 1:]], axis=-1) * weights["window"]
    power = jnp.square(frames @ weights["cosines"]) + jnp.square(frames @ weights["sines"])
    mel = jnp.einsum("btf,fm->bmt", power, weights["filters"])
    coefficients = jnp.einsum("bmt,mc->bct", jnp.log(mel + 1e-3), weights["basis"])
    change = coefficients @ weights["slope"]
    frames = jnp.concatenate([coefficients, change, change @ weights["slope"]], axis=1).swapaxes(1, 2)
    around = jnp.stack([jnp.roll(frames, shift, 1) for shift in range(-2, 3)], axis=2)
    return around.reshape(*frames.shape[:2], -1) @ weights["splice"]


def cosines(size: int) -> np.ndarray:
    """The orthonormal discrete cosine transform."""
    waves = np.cos(np.pi * np.arange(size)[:, None] * (np.arange(size) + 0.5) / size)
    return (waves / np.linalg.norm(waves, axis=1, keepdims=True)).astype(np.float32)


def make_cosine() -> Program:
    """Blocks of 8 x 8 in 8 images of 128 x 128 pixels."""
    return cosine, (cosines(8), Seeded().normal(8, 128, 128))


def make_wavelet() -> Program:
    """Three levels of 16 images of 128 x 128 pixels."""
    pair = np.float32([[1, 1], [1, -1]]) / np.float32(2**0.5)
    return wavelet, (pair, Seeded().normal(16, 128, 128))


def make_cepstrum() -> Program:
    """32 waves of 8,320 samples: 129 frames of 128."""
    frequency, time = np.arange(64)[None], np.arange(128)[:, None]
    angles = 2 * np.pi * frequency * time / 128
    centres = np.linspace(2, 62, 32)
    slope = (np.eye(129, k=-1) - np.eye(129, k=1)) / 2
    seeded = Seeded()
    weights = {
        "window": np.hanning(128),
        "cosines": np.cos(angles),
        "sines": np.sin(angles),
        "filters": np.maximum(1 - np.abs(frequency.T - centres) / 3, 0),
        "basis": cosines(32)[:20].T,
        "slope": slope,
        "splice": seeded.kernel(300, 40),
    }
    return cepstrum, (
        {name: array.astype(np.float32) for name, array in weights.items()},
        seeded.normal(32, 64 * 130),
    )


PROGRAMS = {"transforms_cosine": make_cosine, "transforms_wavelet": make_wavelet, "transforms_cepstrum": make_cepstrum}
