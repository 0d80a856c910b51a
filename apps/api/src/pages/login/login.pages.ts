import type { SecondFactor } from '#lib/accounts/model';
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

interface CodeForm {
  csrf: string;
  next: string;
  /** Proves that the password was right. */
  challenge: string;
  factor: SecondFactor;
  problem?: string;
}

const ASK: Record<SecondFactor, string> = {
  app: 'Type the code that your app shows, or one of your recovery codes.',
  mail: 'We have sent you a code by e-mail.',
};

export const codePage = ({ csrf, next, challenge, factor, problem }: CodeForm): string =>
  page(
    'Log in: second factor',
    html`${alertOf(problem)}
      <p>${ASK[factor]}</p>
      <form method="post" action="/login/code">
        ${csrfField(csrf)}
        <input type="hidden" name="next" value="${next}" />
        <input type="hidden" name="challenge" value="${challenge}" />
        <input type="hidden" name="factor" value="${factor}" />
        <label for="code">Code</label>
        <input id="code" name="code" autocomplete="one-time-code" maxlength="40" required />
        <button>Log in</button>
      </form>
      <p><a href="/login">Start again</a></p>`,
  );
