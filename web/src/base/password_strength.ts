// A rough, honest meter: length and variety, minus repetition and the obvious. The server's policy decides.
export const minimumPasswordLength = 8;
const obvious = ['password', 'renkei', 'qwerty', 'admin', '12345678', 'letmein', 'welcome'];

/** 0 (empty) to 4 (strong). */
export function passwordStrength(password: string): 0 | 1 | 2 | 3 | 4 {
  if (password.length === 0) return 0;
  if (password.length < minimumPasswordLength) return 1;
  const lower = password.toLowerCase();
  if (obvious.some((word) => lower.includes(word)) || new Set(password).size < 5) return 1;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const score = (password.length >= 16 ? 2 : password.length >= 11 ? 1 : 0) + (kinds >= 3 ? 1 : 0) + 1;
  return Math.min(4, score) as 1 | 2 | 3 | 4;
}
