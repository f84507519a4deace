"""A till in Stripe's place: sells pages to pay on, counts them, and knows nothing else. For JavaScript it is in till.mjs."""

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PURCHASE = {"amount": 5, "return_path": "billing"}


class Till(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Counter)
        self.sold = 0
        self.customers = 0
        self.settings = {
            "CLARA_STRIPE_SECRET_KEY": "sk_test_of_the_till",
            "CLARA_STRIPE_PRICE_ID": "price_credit",
            "CLARA_STRIPE_API_BASE": f"http://127.0.0.1:{self.server_port}",
        }
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Counter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self._answer({"object": "list", "data": [], "has_more": False})

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
        if self.path == "/v1/checkout/sessions":
            self.server.sold += 1
            self._answer({
                "id": f"cs_{self.server.sold}", "object": "checkout.session", "status": "open", "mode": "payment",
                "url": f"https://checkout.stripe.com/c/pay/cs_{self.server.sold}", "payment_status": "unpaid",
                # A credit costs a cent.
                "amount_total": int(form["line_items[0][quantity]"][0]), "currency": "usd", "livemode": False,
            })
        else:
            # An account is asked for once, and each has a customer of its own.
            self.server.customers += 1
            self._answer({"id": f"cus_{self.server.customers}", "object": "customer", "livemode": False})

    def _answer(self, thing: dict) -> None:
        body = json.dumps(thing).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said) -> None:
        pass
