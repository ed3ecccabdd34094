"""Writes the odd images of tests/image.rs and what Pillow makes of them.

    python tests/image/make.py        (needs pillow, numpy and safetensors)

`files/`: small PNG and JPEG files of every kind. `references.safetensors`: what
Pillow decodes each to (`decoded.NAME`: upright RGB), and `photo` resized in many
ways (`resized.N`), the N-th of `cases.json`.
"""

import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageChops, ImageOps
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
FILES = HERE / "files"
FILES.mkdir(exist_ok=True)
random = np.random.default_rng(6)


def picture(width, height):
    """Smooth colours, a hard edge and some noise: what resizing gets wrong."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [255 * x / width, 255 * y / height, 127 + 120 * np.sin(x * y / 40)]
    rgb = np.stack(planes, -1)
    rgb[height // 3 : height // 2, width // 4 : width // 2] = [255, 0, 0]
    rgb[:, -5:-3] = 255
    rgb += random.normal(0, 6, rgb.shape)
    return np.clip(rgb, 0, 255).astype(np.uint8)


references = {}
rgb = picture(61, 47)
photo = Image.fromarray(rgb)
grey = photo.convert("L")
alpha = np.dstack([rgb, np.tile(np.linspace(0, 255, 61).astype(np.uint8), (47, 1))])


def keep(name, expected=None):
    """What Pillow sees in a file, upright."""
    if expected is None:
        expected = ImageOps.exif_transpose(Image.open(FILES / name)).convert("RGB")
    references[f"decoded.{name}"] = np.ascontiguousarray(np.asarray(expected))


def write(name, image, expected=None, **options):
    image.save(FILES / name, **options)
    keep(name, expected)


write("rgb.png", photo)
write("grey.png", grey)
write("bit.png", grey.convert("1"))
write("palette.png", photo.quantize(17))
palette = photo.quantize(17)
write("palette-transparent.png", palette, transparency=3)
write("rgba.png", Image.fromarray(alpha))
write("grey-alpha.png", Image.merge("LA", [grey, Image.fromarray(alpha[:, :, 3])]))
# Pillow cuts 16-bit grey off at 255; ours is scaled.
deep = np.asarray(grey).astype(np.uint16) * 257
write("grey16.png", Image.fromarray(deep), grey.convert("RGB"))
write("one.png", photo.crop((5, 5, 6, 6)))
write("rgb-transparent.png", photo, transparency=(0, 0, 0))


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width, height, depth, colour, rows, extra=b"", interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


# 16 bits of red, green and blue, whose low bytes are the high ones.
wide = (rgb.astype(np.uint16) * 257).astype(">u2")
(FILES / "rgb16.png").write_bytes(png(61, 47, 16, 2, [row.tobytes() for row in wide]))
keep("rgb16.png", photo)

# Adam7: seven passes, each of them a small image.
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
rows = [rgb[y, x::dx].tobytes() for x, y0, dx, dy in passes for y in range(y0, 47, dy)]
(FILES / "interlaced.png").write_bytes(png(61, 47, 8, 2, rows, interlace=1))
keep("interlaced.png", photo)

# A gamma that would change everything, if it were applied.
rows = [row.tobytes() for row in rgb]
gamma = chunk(b"gAMA", struct.pack(">I", 100000))
(FILES / "gamma.png").write_bytes(png(61, 47, 8, 2, rows, extra=gamma))
keep("gamma.png", photo)

photo.save(FILES / "animated.png", save_all=True, append_images=[Image.new("RGB", photo.size)])
keep("animated.png", photo)

write("rgb.jpg", photo, quality=95, subsampling=0)
write("subsampled.jpg", photo, quality=90)
write("half-width.jpg", photo, quality=90, subsampling=1)
write("progressive.jpg", photo, quality=95, subsampling=0, progressive=True)
write("grey.jpg", grey, quality=95)
cmyk = photo.convert("CMYK")
write("cmyk.jpg", cmyk, quality=97, subsampling=0)
# YCCK, which Pillow reads but does not write: the same inks, stored as brightness and
# two colours, in a file that says so (Adobe's marker ends with the transform: 2).
*inks, black = cmyk.split()
colours = ImageChops.invert(Image.merge("RGB", inks).convert("YCbCr")).split()
stored = io.BytesIO()
Image.merge("CMYK", [*colours, black]).save(stored, "JPEG", quality=97, subsampling=0)
stored = bytearray(stored.getvalue())
stored[stored.index(b"Adobe") + 11] = 2
(FILES / "ycck.jpg").write_bytes(stored)
keep("ycck.jpg")
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    write(f"exif{orientation}.jpg", photo, quality=97, subsampling=0, exif=exif)
exif[0x0112] = 6
write("exif6.png", photo, exif=exif)

# Sizes that only a header claims.
(FILES / "bomb.png").write_bytes(png(100000, 100000, 8, 2, [b"\0"]))

# 64 MiB of nothing, packed into a profile of colours and into texts.
swelling = zlib.compress(bytes(64 << 20), 9)
for name, kind, before in [
    ("profile", b"iCCP", b"x\0\0"),
    ("text", b"zTXt", b"x\0\0"),
    ("unicode-text", b"iTXt", b"x\0\1\0\0\0"),
]:
    extra = chunk(kind, before + swelling)
    (FILES / f"{name}.png").write_bytes(png(1, 1, 8, 2, [b"abc"], extra=extra))

cases = []
for filter in ["bilinear", "bicubic"]:
    for size, box in [
        ((16, 16), None),
        ((30, 47), None),
        ((61, 20), None),
        ((61, 47), None),
        ((122, 95), None),
        ((200, 33), None),
        ((1, 1), None),
        ((3, 200), None),
        ((16, 16), (0.5, 0.25, 40.75, 46.125)),
        ((61, 47), (0, 0, 61, 46.5)),
        ((40, 40), (10.3, 11.7, 13.1, 12.9)),
        ((24, 24), (20, 10, 44, 34)),
    ]:
        cases.append({"filter": filter, "size": size, "box": box})
        resized = photo.resize(size, getattr(Image, filter.upper()), box=box)
        references[f"resized.{len(cases) - 1}"] = np.asarray(resized)
references["photo"] = rgb
references["grey"] = np.asarray(grey)
# torchvision: Resize(32), CenterCrop(28).
middle = photo.resize((41, 32), Image.BILINEAR).crop((6, 2, 34, 30))
references["shorter-side"] = np.asarray(middle)

save_file({name: np.ascontiguousarray(x) for name, x in references.items()}, HERE / "references.safetensors")
(HERE / "cases.json").write_text(json.dumps(cases))
