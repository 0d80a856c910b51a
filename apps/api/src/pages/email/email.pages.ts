import { html, page } from '../html/html';
import { alertOf, csrfField } from '../login/login.pages';

export const confirmEmailPage = (csrf: string, username: string, email: string, problem?: string): string =>
  page(
    'Confirm your e-mail address',
    html`${alertOf(problem)}
      <p>The user ${username} will log in with the address ${email}.</p>
      <form method="post">
        ${csrfField(csrf)}
        <button>Confirm</button>
      </form>`,
  );

export const emailConfirmedPage = (): string =>
  page(
    'Your e-mail address has changed',
    html`<p role="status">From now on, log in with the new address.</p>
      <p><a href="/login">Log in</a></p>`,
  );

export const invalidConfirmationPage = (): string =>
  page(
    'This link is no longer valid',
    html`<p role="alert">A link works once and expires after a limited time. Request the change again.</p>`,
  );
