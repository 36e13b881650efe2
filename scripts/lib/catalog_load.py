#!/usr/bin/env python3
"""Makes a catalogue of any size, and measures searches in it over HTTP. `scripts/bench-catalog` calls both.

    catalog_load.py generate --dir DIR --parts 1000000
    catalog_load.py items --url URL --tenant ID --pin PIN --dir DIR --count 300
    catalog_load.py search --url URL --tenant ID --pin PIN --dir DIR --count 2000 [--clients 1]
"""

import argparse
import csv
import http.client
import json
import math
import pathlib
import random
import threading
import time
import urllib.parse

NOUNS = """balata pastilla disco tambor filtro bujia banda tensor junta empaque bomba radiador termostato alternador marcha
sensor clutch flecha catalizador faro calavera espejo amortiguador rotula buje terminal cremallera horquilla balero maza
manguera tapon valvula inyector bobina cable relevador fusible switch motor soporte polea cadena arbol piston anillo metal
carter multiple turbo intercooler condensador evaporador compresor resistencia ventilador""".split()
WORDS = """delantero trasero derecho izquierdo superior inferior interior exterior ceramica semimetalica ventilado solido
hidraulica electrica mecanica aluminio acero reforzado original generico iridio platino cobre sintetico alto bajo corto largo
completo kit juego par con sin para de freno aceite aire gasolina diesel agua direccion suspension transmision escape motor
cabina carbon activado universal ligero pesado sellado ajustable automatico manual estandar deportivo""".split()
BRANDS = """TOYOTA NISSAN VOLKSWAGEN CHEVROLET FORD HONDA MAZDA HYUNDAI KIA SEAT RENAULT DODGE PEUGEOT FIAT SUZUKI MITSUBISHI
AUDI BMW VOLVO JEEP""".split()
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo xa ze tor mex nal ric".split()
GROUPS = 300
KEPT = 20_000


def name(rng, parts):
    return "".join(rng.choice(SYLLABLES) for _ in range(parts))


def number(rng):
    form = rng.randrange(4)
    if form == 0:
        return f"{rng.randrange(10**5):05d}-{rng.randrange(10**5):05d}"
    if form == 1:
        return f"{rng.choice('ABCDEFGHJK')}{rng.randrange(10**3):03d}.{rng.randrange(10**4):04d}.{rng.choice('ABCDEF')}"
    if form == 2:
        return f"{rng.randrange(1, 10)}{rng.choice('QKNP')}0 {rng.randrange(1000):03d} {rng.randrange(1000):03d} {rng.choice('ABCDE')}"
    return f"{rng.choice('BCDFGHKLMNPRST')}{rng.choice('ABCDEFGHIK')}{rng.randrange(10**7):07d}"


def skewed(rng, count):
    """Small numbers are many, as a few words stand in most names."""
    return min(count - 1, int(count * rng.random() ** 2.2))


def generate(folder, parts):
    rng = random.Random(7)
    folder.mkdir(parents=True, exist_ok=True)

    def write(file, head, rows):
        with open(folder / f"{file}.csv", "w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(head)
            writer.writerows(rows)

    models = [(at + 1, at % len(BRANDS) + 1, name(rng, 3).title()) for at in range(600)]
    makers = [name(rng, 3).upper() for _ in range(200)] + BRANDS
    rare = [name(rng, 5) for _ in range(60_000)]
    write("brands", ["id", "name"], [(at + 1, brand) for at, brand in enumerate(BRANDS)])
    write("models", ["id", "brand_id", "name"], models)
    write("years", ["id", "year"], [(at + 1, 1995 + at) for at in range(30)])
    write("engines", ["id", "name"], [(at + 1, f"{1 + at * 0.2:.1f}L") for at in range(20)])
    vehicles = [(at + 1, at // 30 + 1, at % 30 + 1, rng.randrange(20) + 1) for at in range(18_000)]
    write("model_year_engines", ["id", "model_id", "year_id", "engine_id"], vehicles)
    write("categories", ["id", "name"], [(at + 1, f"Categoría {at + 1}") for at in range(20)])
    write("groups", ["id", "category_id", "name"], [(at + 1, at % 20 + 1, f"Grupo {at + 1}") for at in range(GROUPS)])

    numbers, kept = [], []

    def part_rows():
        for at in range(parts):
            code, maker = number(rng), rng.choice(makers)
            words = [NOUNS[skewed(rng, len(NOUNS))], *(WORDS[skewed(rng, len(WORDS))] for _ in range(3))]
            words.append(models[skewed(rng, len(models))][2])
            about = f"{rng.choice(rare)} {rng.randrange(1, 400)}mm" if at % 2 else ""
            if at % 2 == 0:
                numbers.append((code, maker))
            if at % (parts // KEPT | 1) == 0:
                kept.append({"id": at + 1, "number": code, "words": words, "rare": about.split(" ")[0]})
            yield at + 1, at % GROUPS + 1, code, " ".join(words).capitalize(), maker, about

    write("parts", ["id", "group_id", "part_number", "name", "manufacturer", "description"], part_rows())

    def fitment_rows():
        for at in range(parts):
            first = rng.randrange(len(vehicles))
            for more in range(rng.choice((1, 2, 3, 6))):
                yield (first + more) % len(vehicles) + 1, at + 1

    write("fitments", ["mye_id", "part_id"], fitment_rows())
    crossed = []

    def cross_rows():
        for at in range(0, parts, 2):
            code, maker = rng.choice(numbers)
            if at % max(2, parts // KEPT * 2) == 0:
                crossed.append(code)
            yield at + 1, code, maker, "oem"

    write("cross_references", ["part_id", "part_number", "manufacturer", "type"], cross_rows())
    (folder / "kept.json").write_text(json.dumps({"parts": kept, "crossed": crossed, "vehicles": len(vehicles)}))


class Client:
    def __init__(self, url, tenant, pin):
        self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=60)
        answer = self.call("POST", "/pos/api/auth/login", {"tenant_id": tenant, "pin": pin})
        self.token = answer["token"]

    token = ""

    def call(self, method, path, body=None):
        data = json.dumps(body) if body is not None else None
        self.connection.request(method, path, data, {"Authorization": f"Bearer {self.token}"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path} answered {answer.status}: {text[:300]!r}")
        return json.loads(text)


def items(client, kept, count):
    rng = random.Random(3)
    for at, part in enumerate(rng.sample(kept["parts"], count)):
        body = {"part_number": part["number"] if at % 2 else f"PROPIO-{at}", "name": " ".join(part["words"]), "cost": 10,
                "price_1": 20, "initial_stock": 5}
        if at % 2 == 0:
            body["catalog_part_id"] = part["id"]
        client.call("POST", "/pos/api/inventory/items", body)


def kinds(kept):
    parts, crossed = kept["parts"], kept["crossed"]
    plain = lambda code: "".join(letter for letter in code if letter.isalnum())
    search = lambda text: "/pos/api/catalog/search?q=" + urllib.parse.quote(text)
    # What must come first, where it is known.
    return {
        "number as printed": lambda rng: (search((part := rng.choice(parts))["number"]), part["number"]),
        "number without signs": lambda rng: (search(plain((part := rng.choice(parts))["number"]).lower()), part["number"]),
        "number prefix, 3 to 6": lambda rng: (search(plain(rng.choice(parts)["number"])[:rng.randrange(3, 7)]), None),
        "cross reference": lambda rng: (search(rng.choice(crossed)), None),
        "one common word": lambda rng: (search(rng.choice(rng.choice(parts)["words"])), None),
        "two words": lambda rng: (search(" ".join(rng.sample(rng.choice(parts)["words"], 2))), None),
        "four words": lambda rng: (search(" ".join(rng.sample(rng.choice(parts)["words"], 4))), None),
        "three beginnings, 2 to 4": lambda rng: (
            search(" ".join(word[:rng.randrange(2, 5)] for word in rng.sample(rng.choice(parts)["words"], 3))), None),
        "two letters": lambda rng: (search(rng.choice(rng.choice(parts)["words"])[:2]), None),
        "a rare word": lambda rng: (search(rng.choice([part for part in rng.sample(parts, 50) if part["rare"]])["rare"]), None),
        "word and number prefix": lambda rng: (
            search((part := rng.choice(parts))["words"][0] + " " + plain(part["number"])[:5]), None),
        "nothing there": lambda rng: (search(f"{rng.choice(WORDS)} {rng.choice(NOUNS)} zzqx{rng.randrange(999)}"), None),
        "limit 200": lambda rng: (search(rng.choice(rng.choice(parts)["words"])) + "&limit=200", None),
        "(parts of a vehicle)": lambda rng: (
            f"/pos/api/catalog/parts?mye_id={rng.randrange(kept['vehicles']) + 1}&group_id={rng.randrange(GROUPS) + 1}", None),
        "(categories of a vehicle)": lambda rng: (
            f"/pos/api/catalog/categories?mye_id={rng.randrange(kept['vehicles']) + 1}", None),
        "(a part)": lambda rng: (f"/pos/api/catalog/part/{rng.choice(parts)['id']}", None),
    }


def at(times, share):
    return times[min(len(times) - 1, math.ceil(len(times) * share) - 1)]


def search(arguments, kept):
    asked, found, wrong = {}, {}, []
    todo = []
    rng = random.Random(11)
    makers = list(kinds(kept).items())
    # The kinds in brackets are no searches: they come on top of the count.
    searches = [maker for maker in makers if not maker[0].startswith("(")]
    others = [maker for maker in makers if maker[0].startswith("(")]
    for count in range(arguments.count):
        kind, make = searches[count % len(searches)]
        todo.append((kind, *make(rng)))
    for count in range(100 * len(others)):
        kind, make = others[count % len(others)]
        todo.append((kind, *make(rng)))
    rng.shuffle(todo)
    lock = threading.Lock()

    def work():
        client = Client(arguments.url, arguments.tenant, arguments.pin)
        while True:
            with lock:
                if not todo:
                    return
                kind, path, first = todo.pop()
            begun = time.perf_counter()
            answer = client.call("GET", path)
            took = (time.perf_counter() - begun) * 1000
            with lock:
                asked.setdefault(kind, []).append(took)
                rows = len(answer.get("data", [1]))
                found[kind] = found.get(kind, 0) + rows
                if first is not None and (rows == 0 or answer["data"][0]["part_number"] != first):
                    wrong.append(path)

    threads = [threading.Thread(target=work) for _ in range(arguments.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{'':28} {'count':>6} {'rows':>6} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'max ms':>8}")
    everything = [took for kind, times in asked.items() if not kind.startswith("(") for took in times]
    rows = [(kind, asked[kind], found[kind] / len(asked[kind])) for kind, _ in makers]
    for kind, times, shown in [*rows, ("all searches", everything, 0)]:
        times.sort()
        shown = f"{shown:6.1f}" if shown else " " * 6
        print(f"{kind:28} {len(times):6} {shown} {at(times, 0.5):8.2f} {at(times, 0.95):8.2f} {at(times, 0.99):8.2f} {times[-1]:8.2f}")
    if wrong:
        raise SystemExit(f"{len(wrong)} numbers did not come first, such as {wrong[0]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["generate", "items", "search"])
    parser.add_argument("--dir", type=pathlib.Path, required=True)
    parser.add_argument("--parts", type=int, default=1_000_000)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--url")
    parser.add_argument("--tenant", type=int)
    parser.add_argument("--pin")
    arguments = parser.parse_args()
    if arguments.what == "generate":
        return generate(arguments.dir, arguments.parts)
    kept = json.loads((arguments.dir / "kept.json").read_text())
    if arguments.what == "items":
        return items(Client(arguments.url, arguments.tenant, arguments.pin), kept, arguments.count)
    return search(arguments, kept)


if __name__ == "__main__":
    main()
