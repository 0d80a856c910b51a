import { html, page } from '../html/html';
import { alertOf, csrfField } from '../login/login.pages';

export const forgotPasswordPage = (csrf: string, problem?: string): string =>
  page(
    'Forgot the password?',
    html`${alertOf(problem)}
      <p>We will send you a link to choose a new password.</p>
      <form method="post" action="/reset-password">
        ${csrfField(csrf)}
        <label for="email">E-mail address</label>
        <input id="email" name="email" type="email" autocomplete="username" required />
        <button>Send the link</button>
      </form>`,
  );

export const linkSentPage = (): string =>
  page(
    'Check your e-mail',
    html`<p role="status">If there is an active user with this e-mail address, we have sent it a link.</p>`,
  );

export const newPasswordPage = (csrf: string, problem?: string): string =>
  page(
    'Choose a new password',
    html`${alertOf(problem)}
      <form method="post">
        ${csrfField(csrf)}
        <label for="password">New password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="new-password"
          minlength="8"
          required
        />
        <label for="again">Repeat the new password</label>
        <input id="again" name="again" type="password" autocomplete="new-password" minlength="8" required />
        <button>Save</button>
      </form>`,
  );

export const invalidLinkPage = (): string =>
  page(
    'This link is no longer valid',
    html`<p role="alert">A link works once and expires after a limited time.</p>
      <p><a href="/reset-password">Get a new link</a></p>`,
  );

export const passwordSavedPage = (): string =>
  page(
    'The new password is saved',
    html`<p role="status">You were logged out everywhere.</p>
      <p><a href="/login">Log in</a></p>`,
  );
