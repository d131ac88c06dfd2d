"""Copy other people's front-end files and licences, pinned, into static/.

Run it only to change a version or an icon: `python3 tools/vendor.py` (needs npm, and Python's standard library).
What is copied is listed in vendor.toml beside this file; the result is committed, so that nobody who runs Tråkk needs npm.

  static/vendor/<name>-<version>/    files and LICENSE of each package
  static/img/<group>/<code>.svg      single pictures for children, and static/img/pictures.svg with all but the seats in one
  static/img/own/categories/<code>.svg  pictures we drew ourselves, which join the others in both
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
IMAGES = ROOT / "static" / "img"
OWN_GROUP = "categories"
PERMISSION = (
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation\n"
    'files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,\n'
    "modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software\n"
    "is furnished to do so, subject to the following conditions:\n\n"
    "The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.\n\n"
    'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF\n'
    "MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE\n"
    "FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN\n"
    "CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.\n"
)


def folder_of(package: dict[str, Any]) -> Path:
    """static/vendor/<name without its scope's @ and slash>-<version>."""
    name = str(package["name"]).lstrip("@").replace("/", "-")
    return VENDOR / f"{name}-{package['version']}"


def unpack(package: dict[str, Any], into: Path) -> Path:
    """Fetch the pinned package by npm, which checks its integrity, and unpack it."""
    spec = f"{package['name']}@{package['version']}"
    made = subprocess.run(["npm", "pack", "--json", spec], cwd=into, check=True, capture_output=True, text=True)
    archive = into / str(json.loads(made.stdout)[0]["filename"])
    target = into / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    # Most packages unpack into "package/"; a few use their own name.
    return next(path for path in target.iterdir() if path.is_dir())


def copy_text(source: Path, target: Path) -> None:
    """Copy a file; scripts and style sheets lose the pointer to a source map that we do not serve."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix not in {".js", ".css"}:
        shutil.copyfile(source, target)
        return
    text = source.read_text(encoding="utf-8")
    text = re.sub(r"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=\S+ \*/)\s*$", "", text)
    target.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def copy_licence(package: dict[str, Any], source: Path, target: Path) -> None:
    """Put the licence beside the files; packages without a licence file name theirs in vendor.toml."""
    found = [path for path in source.iterdir() if path.name.lower().startswith("licen")]
    if found:
        shutil.copyfile(found[0], target / "LICENSE")
        return
    if package["licence"] != "MIT":
        raise SystemExit(f"{package['name']} ships no licence file, and only the MIT words are known here")
    (target / "LICENSE").write_text(f"MIT License\n\n{package['copyright']}\n\n{PERMISSION}", encoding="utf-8")


def copy_fonts(fonts: dict[str, Any], source: Path, target: Path) -> None:
    """Copy the style sheet's @font-face blocks of the wanted subsets, and their files."""
    sheet = (source / fonts["css"]).read_text(encoding="utf-8")
    kept: list[str] = []
    for block in re.findall(r"@font-face \{.*?\}", sheet, flags=re.DOTALL):
        match = re.search(r"files/([a-z0-9-]+-wght-normal\.woff2)", block)
        if match and match.group(1).endswith(tuple(f"-{subset}-wght-normal.woff2" for subset in fonts["subsets"])):
            copy_text(source / "files" / match.group(1), target / "files" / match.group(1))
            kept.append(block)
    (target / "font.css").write_text("\n".join(kept) + "\n", encoding="utf-8")


def sprite_of(pictures: dict[str, str]) -> str:
    """One SVG whose symbols carry the given names; a picture's own root attributes move to its symbol."""
    symbols = []
    for name, svg in sorted(pictures.items()):
        match = re.search(r"<svg([^>]*)>(.*)</svg>", svg, flags=re.DOTALL)
        if match is None:
            raise SystemExit(f"{name} is no SVG")
        kept = re.findall(r'((?:viewBox|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin)="[^"]*")', match.group(1))
        body = re.sub(r"\s*\n\s*", "", match.group(2)).replace('id="', f'id="{name}-').replace("url(#", f"url(#{name}-")
        symbols.append(f'<symbol id="{name}" {" ".join(kept)}>{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def copy_icons(package: dict[str, Any], source: Path, target: Path) -> None:
    """Copy the chosen line icons as single files and as one sprite."""
    chosen: dict[str, str] = {}
    for name in package["icons"]:
        path = source / "icons" / f"{name}.svg"
        if not path.exists():
            raise SystemExit(f"{package['name']} {package['version']} has no icon {name}")
        chosen[name] = re.sub(r"<!--.*?-->\s*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        (target / f"{name}.svg").write_text(chosen[name], encoding="utf-8")
    (target / package["sprite"]).write_text(sprite_of(chosen), encoding="utf-8")


def copy_pictures(package: dict[str, Any], source: Path) -> None:
    """Write each chosen picture to its group's folder, and all but the seats (a pupil sees one) into one file."""
    icons = json.loads((source / "icons.json").read_text(encoding="utf-8"))
    together: dict[str, str] = {}
    for group, names in package["pictures"].items():
        folder = IMAGES / group
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        drawn = {code: picture(icons, name) for code, name in names.items()}
        if group == OWN_GROUP:
            drawn |= {path.stem: path.read_text(encoding="utf-8") for path in sorted((IMAGES / "own" / OWN_GROUP).glob("*.svg"))}
        for code, svg in drawn.items():
            (folder / f"{code}.svg").write_text(svg, encoding="utf-8")
            if group != "seats":
                together[code if group == OWN_GROUP else f"{group}-{code}"] = svg
    (IMAGES / "pictures.svg").write_text(sprite_of(together), encoding="utf-8")


def picture(icons: dict[str, Any], name: str) -> str:
    """One icon of an Iconify collection as an SVG file; aliases are followed."""
    while name in icons.get("aliases", {}):
        name = icons["aliases"][name]["parent"]
    if name not in icons["icons"]:
        raise SystemExit(f"no picture {name} in {icons['prefix']}")
    icon = icons["icons"][name]
    width, height = icon.get("width", icons["width"]), icon.get("height", icons["height"])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" fill="none">{icon["body"]}</svg>\n'


def vendor(package: dict[str, Any]) -> None:
    """Copy one package."""
    target = folder_of(package)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        source = unpack(package, Path(scratch))
        copy_licence(package, source, target)
        for file in package.get("files", []):
            copied = target / file.get("to", Path(file["from"]).name)
            copy_text(source / file["from"], copied)
            if file.get("typed"):
                # tsc then reads what the package says of itself (a devDependency of the same version), not the file
                copied.with_suffix(".d.ts").write_text(f'export * from "{package["name"]}";\n', encoding="utf-8")
        if "fonts" in package:
            copy_fonts(package["fonts"], source, target)
        if "icons" in package:
            copy_icons(package, source, target)
        if "pictures" in package:
            copy_pictures(package, source)


def main() -> None:
    """Copy every package of vendor.toml, and remove what is no longer listed."""
    packages = tomllib.loads((Path(__file__).parent / "vendor.toml").read_text(encoding="utf-8"))["package"]
    for package in packages:
        vendor(package)
        print(f"{folder_of(package).relative_to(ROOT)}  {package['licence']}")
    wanted = {folder_of(package) for package in packages}
    for stale in set(VENDOR.iterdir()) - wanted:
        shutil.rmtree(stale)
        print(f"removed {stale.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
