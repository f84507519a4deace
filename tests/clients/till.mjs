// A till in Stripe's place: what till.py is for clients in Python.

import { once } from "node:events";
import { createServer } from "node:http";

export const PURCHASE = { amount: 5, return_path: "billing" };

export class Till {
  static async open() {
    const till = new Till();
    till.sold = 0;
    till.customers = 0;
    till.server = createServer(async (request, response) => {
      const form = new URLSearchParams(Buffer.concat(await Array.fromAsync(request)).toString());
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(till.answer(request, form)));
    });
    till.server.listen(0, "127.0.0.1");
    await once(till.server, "listening");
    till.settings = {
      CLARA_STRIPE_SECRET_KEY: "sk_test_of_the_till",
      CLARA_STRIPE_PRICE_ID: "price_credit",
      CLARA_STRIPE_API_BASE: `http://127.0.0.1:${till.server.address().port}`,
    };
    return till;
  }

  answer({ method, url }, form) {
    if (method === "GET") return { object: "list", data: [], has_more: false };
    // An account is asked for once, and each has a customer of its own.
    if (url !== "/v1/checkout/sessions") return { id: `cus_${(this.customers += 1)}`, object: "customer", livemode: false };
    this.sold += 1;
    const id = `cs_${this.sold}`;
    // A credit costs a cent.
    const amount_total = Number(form.get("line_items[0][quantity]"));
    const page = { url: `https://checkout.stripe.com/c/pay/${id}`, status: "open", payment_status: "unpaid" };
    return { id, object: "checkout.session", mode: "payment", amount_total, currency: "usd", livemode: false, ...page };
  }

  close() {
    this.server.close();
    this.server.closeAllConnections();
  }
}
