// Google's stand-in: the package oauth2-mock-server, with keys of its own making and the address where it publishes them.
// It signs what it is told to, true or forged.
//
//     target/clients/node/bin/node tests/databases/google/provider.mjs target/clients/npm
//
// Its first line says where the keys are, and how the first is called. After that it answers each line of JSON with one:
//   {"do": "sign", "header": {…}, "claims": {…}}      a genuine token of exactly these claims; `kid` picks the key
//   {"do": "forge", "how": "none" | "hs256" | "foreign" | "by hand", "header": {…}, "claims": {…}}
//     unsigned; with a secret made of the public key; by another key; by the first key, under a header nobody should sign
//   {"do": "rotate"}                                  one more key, published from now on
// It ends with its input.

import { constants, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const serverModule = join(process.argv[2], "node_modules/oauth2-mock-server/dist/index.mjs");
const { OAuth2Server } = await import(pathToFileURL(serverModule));

const server = new OAuth2Server();
const first = await server.issuer.keys.generate("RS256");
await server.start(0, "127.0.0.1");

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function replaced(target, values) {
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, values);
}

async function genuine({ header, claims, kid }) {
  const transform = (ownHeader, payload) => {
    Object.assign(ownHeader, header);
    replaced(payload, claims);
  };
  return server.issuer.buildToken({ kid: kid ?? first.kid, scopesOrTransform: transform });
}

function forged({ how, header, claims }) {
  const made = { typ: "JWT", kid: first.kid, ...header };
  const finish = (signer) => {
    const message = `${part(made)}.${part(claims)}`;
    return `${message}.${signer(message)}`;
  };
  if (how === "none") {
    made.alg ??= "none";
    return finish(() => "");
  }
  if (how === "hs256") {
    made.alg ??= "HS256";
    const published = server.issuer.keys.toJSON().find((key) => key.kid === first.kid);
    const pem = createPublicKey({ key: published, format: "jwk" }).export({ type: "spki", format: "pem" });
    return finish((message) => createHmac("sha256", pem).update(message).digest("base64url"));
  }
  made.alg ??= "RS256";
  const own = server.issuer.keys.toJSON(true).find((key) => key.kid === first.kid);
  const { privateKey } =
    how === "foreign"
      ? generateKeyPairSync("rsa", { modulusLength: 2048 })
      : { privateKey: createPrivateKey({ key: own, format: "jwk" }) };
  const padding = constants.RSA_PKCS1_PADDING;
  return finish((message) => sign("sha256", message, { key: privateKey, padding }).toString("base64url"));
}

const acts = {
  sign: async (command) => ({ token: await genuine(command) }),
  forge: (command) => ({ token: forged(command) }),
  rotate: async () => ({ kid: (await server.issuer.keys.generate("RS256")).kid }),
};

const { port } = server.address();
console.log(JSON.stringify({ url: `http://127.0.0.1:${port}/jwks`, kid: first.kid }));
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  console.log(JSON.stringify(await acts[command.do](command)));
}
await server.stop();
