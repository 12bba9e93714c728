"""Other readers, asked through a pipe.

In: for each picture a line "width height times asked", the last a 1 or a 0 for
each reader, then its grey bytes. Out: first a
line with the readers' names; then for each picture and reader a line with the
milliseconds of CPU time and the payloads in hexadecimal.
"""

import sys
import time

import numpy


def zxing_cpp():
    import zxingcpp

    formats = getattr(zxingcpp.BarcodeFormat, "QRCode")
    return lambda grey: [code.bytes for code in zxingcpp.read_barcodes(grey, formats=formats)]


def zbar():
    from pyzbar import pyzbar

    symbols = [pyzbar.ZBarSymbol.QRCODE]
    return lambda grey: [code.data for code in pyzbar.decode(grey, symbols=symbols)]


def wechat():
    import cv2

    cv2.setNumThreads(1)
    reader = cv2.wechat_qrcode_WeChatQRCode()
    return lambda grey: [text.encode() for text in reader.detectAndDecode(grey)[0]]


def installed():
    for name, make in [("ZXing-C++", zxing_cpp), ("ZBar", zbar), ("OpenCV WeChat", wechat)]:
        try:
            yield name, make()
        except (ImportError, AttributeError, OSError):
            print(name, "is not installed", file=sys.stderr)


def main():
    readers = list(installed())
    print("\t".join(name for name, _ in readers), flush=True)
    for line in sys.stdin.buffer:
        words = line.decode().split()
        width, height, times = map(int, words[:3])
        data = sys.stdin.buffer.read(width * height)
        grey = numpy.frombuffer(data, numpy.uint8).reshape(height, width)
        for (_, read), asked in zip(readers, words[3]):
            payloads, spent = [], float("inf")
            for _ in range(times if asked == "1" else 0):
                start = time.thread_time()
                try:
                    payloads = read(grey)
                except Exception:  # A reader that fails has read nothing.
                    payloads = []
                spent = min(spent, (time.thread_time() - start) * 1000)
            print(spent, *[payload.hex() or "-" for payload in payloads])
        sys.stdout.flush()


main()
