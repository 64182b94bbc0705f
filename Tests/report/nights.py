"""Writes archives of odd nights, one directory each: nothing at all, a thousand campaigns, and hostile names.

usage: nights.py DIRECTORY
"""

import json
import os
import sys

DAY = "2026-04-08"
NAMES = [
    "<script>alert('name')</script><img src=x onerror=alert(1)>", "\"><style>*{display:none}</style>", "--><!--",
    "شركة الطاقة الشمسية في مدينة كبيرة جدا", "\u202ederit si eman siht", "Zero\u200bwidth\ufeffname", "日本の電話キャンペーン春の更新の第二波東京",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "W" * 3000, "line\nbreak\ttab\r\n",
    "👩‍💻👨‍👩‍👧‍👦🏳️‍🌈 emoji campaign 👩‍💻👨‍👩‍👧‍👦🏳️‍🌈", "\u0301\u0301\u0301 marks e\u0301\u0301\u0301\u0301\u0301\u0301", "&amp;&lt;&#60;", "",
]


class Night:
    def __init__(self, directory):
        os.makedirs(directory)
        self.file = open(f"{directory}/00.jsonl", "w", encoding="utf-8")
        self.count = 0

    def add(self, event, time, **members):
        self.count += 1
        body = {"event": event, "event_id": f"e{self.count}", "timestamp": f"{DAY}T{time}", **members}
        self.file.write(json.dumps(body, ensure_ascii=False) + "\n")

    def campaign(self, id, name, calls, claimed, charged=1, hour=10):
        common = {"campaign_id": id, "campaign_name": name}
        self.add("campaign.started", "08:00:00", **common)
        for number in range(calls):
            call = {"conversation_id": f"{id}-call-{number}", "campaign_id": id, "agent_id": f"agent-{name}"}
            time = f"{hour + number % 3}:{number % 60:02}:00"
            self.add("call.completed", time, status="completed", call_duration=59, ended_at=f"{DAY}T{time}", **call)
            self.add("call.processed", time, status="completed", duration=59, credits=charged, **call)
        self.add("campaign.ended", "18:00:00", total_calls=calls, total_credits=claimed, **common)


def main(root):
    Night(f"{root}/empty").add("call.processed", "10:00:00", conversation_id="only", status="completed", duration=60,
                               credits=1)
    night = Night(f"{root}/thousand")
    for number in range(1000):
        # Every third agrees; the others differ, up and down, by up to a thousand million.
        off = 0 if number % 3 == 0 else (number - 500) * (1 if number < 990 else 2_000_000.25)
        night.campaign(f"camp_{number:04}", f"Campaign {number} of spring", 1 + number % 3, 1 + number % 3 + off)
    night = Night(f"{root}/hostile")
    for number, name in enumerate(NAMES):
        night.campaign(name + str(number), name, 2, 2 + (number - 6) * 1_234_567_890.123456, charged=1.5)


main(*sys.argv[1:])
