const letters = "abcdefghijkmnpqrstuvwxyz23456789"; // 32 that can be told apart: five bits each

/** Makes a password of a hundred bits that can be typed off a screen. */
export function makePassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(20));
  const text = [...random].map((byte) => letters[byte & 31]).join("");
  return text.replace(/(.{5})(?=.)/g, "$1-");
}
