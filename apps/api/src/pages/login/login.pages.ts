import { html, page, type Html } from '../html/html';

/** Shows an error above a form. */
export const alertOf = (problem: string | undefined): Html | undefined =>
  problem === undefined ? undefined : html`<p role="alert">${problem}</p>`;

export const csrfField = (csrf: string): Html => html`<input type="hidden" name="csrf" value="${csrf}" />`;

interface LoginForm {
  csrf: string;
  /** Path to redirect to after the login. */
  next: string;
  email?: string;
  problem?: string;
}

export const loginPage = ({ csrf, next, email, problem }: LoginForm): string =>
  page(
    'Log in',
    html`${alertOf(problem)}
      <form method="post" action="/login">
        ${csrfField(csrf)}
        <input type="hidden" name="next" value="${next}" />
        <label for="email">E-mail address</label>
        <input id="email" name="email" type="email" autocomplete="username" value="${email}" required />
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required />
        <button>Log in</button>
      </form>
      <p><a href="/reset-password">Forgot the password?</a></p>`,
  );

export const logoutForm = (csrf: string): Html =>
  html`<form method="post" action="/logout">
    ${csrfField(csrf)}
    <button>Log out</button>
  </form>`;

export const logoutPage = (csrf: string, problem?: string): string =>
  page('Log out', html`${alertOf(problem)}${logoutForm(csrf)}`);
