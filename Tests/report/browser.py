"""Opens reports in a real Chromium and looks for what a person would not want to see.

usage: browser.py CHROMIUM PICTURES REPORT…

Each report is laid out for a phone and a desktop, in light and in dark, and printed on A4. Nothing may be fetched, no error
or refusal may be logged, nothing may reach out of the page or be cut off, and no text of a chart may lie on another one.
Pictures go to the directory PICTURES, unless that is empty. Talks to the browser through its pipe, so it needs nothing but
Python.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile

SCREENS = {"phone": (390, 844), "desktop": (1280, 900)}

# What is wrong with the layout, as a list of sentences.
LOOK = r"""
(() => {
  const wrong = [], root = document.documentElement, name = (e) => e.tagName + ' "' + e.textContent.slice(0, 40) + '"';
  if (root.scrollWidth > root.clientWidth) wrong.push(`the page is ${root.scrollWidth} wide in ${root.clientWidth}`);
  const visible = (e) => e.checkVisibility() && e.getClientRects().length > 0;
  for (const e of document.querySelectorAll('h1,h2,p,dt,dd,th,td,caption,figcaption,summary,a,span,small,data')) {
    if (!visible(e) || !e.textContent.trim()) continue;
    const box = e.getBoundingClientRect();
    if (box.left < -0.5 || box.right > root.clientWidth + 0.5) wrong.push(`${name(e)} reaches out of the page`);
    const card = e.closest('section')?.getBoundingClientRect();
    if (card && box.right > card.right) wrong.push(`${name(e)} reaches out of its section`);
    if (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== 'inline')
      wrong.push(`${name(e)} is wider than its box`);
    if (['TD', 'TH', 'DD'].includes(e.tagName)) {
      const range = document.createRange();
      range.selectNodeContents(e);
      for (const rect of range.getClientRects())
        if (rect.right > box.right + 1 || rect.left < box.left - 1) wrong.push(`${name(e)} reaches out of its cell`);
    }
  }
  for (const svg of document.querySelectorAll('svg')) {
    const frame = svg.getBoundingClientRect(), texts = [...svg.querySelectorAll('text')];
    const boxes = texts.map((e) => {
      const b = e.getBBox();
      return {e, left: b.x, right: b.x + b.width, top: b.y + b.height * 0.2, bottom: b.y + b.height * 0.8};
    });
    for (const b of boxes)
      if (b.left < -1 || b.right > frame.width + 1 || b.top < -1 || b.bottom > frame.height + 1)
        wrong.push(`${name(b.e)} is cut off by its chart`);
    for (let i = 0; i < boxes.length; i++)
      for (let j = i + 1; j < boxes.length; j++) {
        const [a, b] = [boxes[i], boxes[j]];
        if (a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom && b.top < a.bottom)
          wrong.push(`${name(a.e)} lies on ${name(b.e)}`);
      }
    for (const shape of svg.querySelectorAll('rect')) {
      const b = shape.getBBox();
      if (b.x < -1 || b.x + b.width > frame.width + 1 || b.y < -1 || b.y + b.height > frame.height + 1)
        wrong.push(`a bar is cut off by ${svg.querySelector('title').textContent}`);
    }
    if (svg.getAttribute('role') !== 'img' || !svg.querySelector('title') || !svg.querySelector('desc'))
      wrong.push('a chart says nothing to those who do not see it');
    if (!svg.closest('section').querySelector('table')) wrong.push('a chart has no table beside it');
  }
  let level = 0;
  for (const e of document.querySelectorAll('h1,h2,h3')) {
    const own = Number(e.tagName[1]);
    if (own > level + 1) wrong.push(`${name(e)} skips a level`);
    level = own;
  }
  for (const e of document.querySelectorAll('th')) if (!e.scope) wrong.push(`${name(e)} has no scope`);
  const light = (c) => {
    const [r, g, b] = c.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const colour = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = colour(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || (c.length === 4 && c[3] > 0)) return c;
    }
    return [255, 255, 255];
  };
  const seen = new Set();
  for (const e of document.querySelectorAll('body *')) {
    if (!visible(e) || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    if (['TITLE', 'DESC', 'STYLE'].includes(e.tagName.toUpperCase())) continue;
    const style = getComputedStyle(e), ink = colour(e.tagName === 'text' ? style.fill : style.color), back = ground(e);
    const key = ink + '/' + back;
    if (seen.has(key)) continue;
    seen.add(key);
    const [a, b] = [light(ink), light(back)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) wrong.push(`${name(e)} has a contrast of ${ratio.toFixed(2)}`);
  }
  return [...new Set(wrong)].slice(0, 20);
})()
"""


class Browser:
    """A headless Chromium, spoken to in JSON over two pipes."""

    def __init__(self, program, profile):
        there_read, self.write_end = os.pipe()
        self.read_end, there_write = os.pipe()

        def connect():
            # The browser reads from 3 and writes to 4; the pipes may have these numbers already.
            high_read, high_write = os.dup2(there_read, 90), os.dup2(there_write, 91)
            os.dup2(high_read, 3)
            os.dup2(high_write, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio",
             f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=connect, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(there_read)
        os.close(there_write)
        self.buffer, self.number, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.call(f"{domain}.enable")

    def receive(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                raise SystemExit("report: the browser has gone")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"report: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.receive())

    def close(self):
        os.close(self.write_end)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait()


def look(browser, report, pictures, looks):
    label = re.sub(r"[^A-Za-z0-9]+", "-", report).strip("-")
    for screen, scheme in looks:
        width, height = SCREENS[screen]
        browser.events.clear()
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=screen == "phone")
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        browser.call("Page.navigate", url="file://" + os.path.abspath(report))
        browser.wait("Page.loadEventFired")
        # As it is read: with its details open.
        browser.call("Runtime.evaluate", expression="for (const e of document.querySelectorAll('details')) e.open = true")
        wrong = browser.call("Runtime.evaluate", expression=LOOK, returnByValue=True)["result"].get("value")
        if wrong is None:
            raise SystemExit(f"report: {report}: the page could not be looked at")
        for event in browser.events:
            method, what = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent" and not what["request"]["url"].startswith("file://"):
                wrong.append(f"it asks for {what['request']['url']}")
            if method in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
                wrong.append(f"the console says {json.dumps(what)[:300]}")
        if sum(event.get("method") == "Network.requestWillBeSent" for event in browser.events) > 1:
            wrong.append("it asks for more than itself")
        if pictures:
            size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
            shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True, clip={
                "x": 0, "y": 0, "width": width, "height": min(size["height"], 8000), "scale": 1})
            with open(f"{pictures}/{label}-{screen}-{scheme}.png", "wb") as file:
                file.write(base64.b64decode(shot["data"]))
        if wrong:
            raise SystemExit(f"report: {report} on a {screen}, {scheme}: " + "; ".join(wrong))
    browser.call("Emulation.clearDeviceMetricsOverride")
    browser.events.clear()
    browser.call("Page.navigate", url="file://" + os.path.abspath(report))
    browser.wait("Page.loadEventFired")
    paper = browser.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"]
    paper = base64.b64decode(paper)
    if pictures:
        with open(f"{pictures}/{label}.pdf", "wb") as file:
            file.write(paper)
    pages = len(re.findall(rb"/Type\s*/Page\b", paper))
    boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", paper))
    with open(report, encoding="utf-8") as file:
        rows = file.read().count("<tr")
    if not 1 <= pages <= 4 + rows // 5:
        raise SystemExit(f"report: {report} is printed on {pages} pages")
    for box in boxes:
        width, height = [float(part) for part in box.split()][2:]
        if abs(width - 595) > 2 or abs(height - 842) > 2:
            raise SystemExit(f"report: {report} is printed on {width} by {height} points, which is not A4")
    return pages


def main(program, pictures, *reports):
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            for number, report in enumerate(reports):
                # All four of the first; of the others the two that have least in common.
                looks = [("phone", "light"), ("desktop", "dark")]
                looks += [("phone", "dark"), ("desktop", "light")] if number == 0 else []
                if os.path.getsize(report) >= 1_000_000:
                    raise SystemExit(f"report: {report} has {os.path.getsize(report)} bytes")
                pages = look(browser, report, pictures, looks)
                print(f"report: {report} looks right on a phone, a desktop and {pages} pages of A4")
        finally:
            browser.close()


main(*sys.argv[1:])
