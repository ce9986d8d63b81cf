const letters = "abcdefghijkmnpqrstuvwxyz23456789"; // 32 characters that are not mistaken for each other: five bits each

/** Makes a password of a hundred random bits that is easy to type from a screen. */
export function makePassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(20));
  const text = [...random].map((byte) => letters[byte & 31]).join("");
  return text.replace(/(.{5})(?=.)/g, "$1-");
}
