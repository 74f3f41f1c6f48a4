// Passkeys, with the browser's own conversion between WebAuthn and JSON.

import type { Client, Schemas } from "./client.js";

/** supported tells whether this browser can use passkeys at this address. */
export const supported = window.isSecureContext && typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function";

type Credential = Record<string, unknown>;

function json(credential: globalThis.Credential | null): Credential {
  if (!(credential instanceof PublicKeyCredential)) throw new Error("The browser gave no passkey.");
  return credential.toJSON() as Credential;
}

/** login has the visitor choose one of the passkeys of this device. */
export async function login(auth: Client): Promise<Schemas["Session"]> {
  const { publicKey } = await auth.post("/passkey/login/begin", { body: {} });
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey as unknown as PublicKeyCredentialRequestOptionsJSON);
  const credential = json(await navigator.credentials.get({ publicKey: options }));
  return auth.post("/passkey/login/finish", { body: { credential } });
}

/** add adds a passkey of this device to the account of the visitor. */
export async function add(auth: Client): Promise<void> {
  const { publicKey } = await auth.post("/me/passkeys/begin");
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey as unknown as PublicKeyCredentialCreationOptionsJSON);
  options.authenticatorSelection = { ...options.authenticatorSelection, residentKey: "preferred" };
  const credential = json(await navigator.credentials.create({ publicKey: options }));
  await auth.post("/me/passkeys/finish", { body: { credential } });
}
