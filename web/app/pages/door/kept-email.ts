/** The address of whoever has just made an account, kept in this tab until they sign in: the page of the account never says whether there was one already, so it signs nobody in. */
const place = 'hub-sign-up-email';

export function keepEmail(email: FormDataEntryValue | null): void {
  if (typeof email === 'string') sessionStorage.setItem(place, email);
}

/** Once. */
export function takeEmail(): string | null {
  const kept = sessionStorage.getItem(place);
  sessionStorage.removeItem(place);
  return kept;
}
