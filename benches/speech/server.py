"""A speech recogniser behind OpenAI's protocol: POST /v1/audio/transcriptions, answered in the format verbose_json.

It hears with pocketsphinx and the model for English that comes in its package; ffmpeg makes any recording into samples. How sure it is
of a stretch is the mean of its words, of the chance that pocketsphinx gives the stretch as a whole."""

import email.policy
import functools
import io
import json
import math
import subprocess
import threading
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pocketsphinx import Decoder, Segmenter

RATE = 16_000
NOISES = ("<s>", "</s>", "<sil>", "[NOISE]", "++NOISE++")
# The least chance that a number can hold.
LEAST = 1e-300


def samples_of(recording: bytes) -> bytes:
    command = ["ffmpeg", "-v", "error", "-i", "pipe:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "pipe:1"]
    return subprocess.run(command, input=recording, capture_output=True, check=True).stdout


@functools.cache
def segments_of(recording: bytes) -> list:
    """Stretches between silences. A recogniser of this age writes no marks and no capitals: each stretch is taken for a sentence."""
    decoder = Decoder(samprate=RATE, loglevel="FATAL")
    found = []
    for stretch in Segmenter(sample_rate=RATE).segment(io.BytesIO(samples_of(recording))):
        decoder.start_utt()
        decoder.process_raw(stretch.pcm, full_utt=True)
        decoder.end_utt()
        heard = decoder.hyp()
        if heard is None or not heard.hypstr.strip():
            continue
        words = [segment.word.split("(")[0] for segment in decoder.seg() if segment.word not in NOISES]
        text = " ".join(words)
        found.append(
            {
                "id": len(found),
                "start": stretch.start_time,
                "end": stretch.end_time,
                "text": f" {text[0].upper()}{text[1:]}.",
                "avg_logprob": math.log(max(heard.prob, LEAST)) / len(words),
            }
        )
    return found


class Handler(BaseHTTPRequestHandler):
    # Whether the answer says how sure the recogniser is.
    is_stated = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        file = next(part for part in form.iter_parts() if part.get_filename())
        segments = segments_of(file.get_payload(decode=True))
        if not self.is_stated:
            segments = [{name: value for name, value in one.items() if name != "avg_logprob"} for one in segments]
        text = "".join(segment["text"] for segment in segments).strip()
        answer = json.dumps({"task": "transcribe", "language": "english", "text": text, "segments": segments}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def start() -> str:
    """Serves from another thread; gives the address for TRANSCRIBE_URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/v1"
