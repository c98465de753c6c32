// SPDX-License-Identifier: AGPL-3.0-or-later
//
// An authenticator (RFC 6238: SHA-1, 30 s, 6 digits) that gives each code once, as cbed takes each once. cbed also takes
// the step before and the step after the current one, so three codes need no waiting.
import { createHmac } from "node:crypto";

const STEP_MS = 30_000;
const ON_ITS_WAY_MS = 8_000; // so much later a code must still be good
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function fromBase32(text) {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
}

export class Authenticator {
  #key;
  #last = 0;

  constructor(secret) {
    this.#key = fromBase32(secret.replace(/=+$/, ""));
  }

  codeOf(step) {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac("sha1", this.#key).update(counter).digest();
    const at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
  }

  /** A code that was not given before; waits for the next one when all that are valid were. */
  async fresh() {
    const now = Math.floor((Date.now() + ON_ITS_WAY_MS) / STEP_MS);
    const step = Math.max(this.#last + 1, now - 1);
    const early = (step - 1) * STEP_MS - Date.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early + 200));
    this.#last = step;
    return this.codeOf(step);
  }

  /** The code that was given last: cbed must refuse it. */
  used() {
    return this.codeOf(this.#last);
  }
}
