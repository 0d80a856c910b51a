import { Command } from 'commander';

/** `flexmeasures users ...` */
export function usersCommands(): Command {
  const users = new Command('users').description('List users, and let them log in or not.');
  const actions = () => import('./users.actions.js');
  users
    .command('list')
    .description('List the users of all accounts.')
    .action(async () => (await actions()).listUsers());
  users
    .command('activate')
    .description('Let a user log in again.')
    .argument('<email>', 'email address of the user')
    .action(async (email: string) => (await actions()).setActive(email, true));
  users
    .command('deactivate')
    .description('Do not let a user log in any more. Ends all sessions and tokens of the user.')
    .argument('<email>', 'email address of the user')
    .action(async (email: string) => (await actions()).setActive(email, false));
  return users;
}

/** `flexmeasures roles ...` */
export function rolesCommands(): Command {
  const roles = new Command('roles').description('Create user roles, and give them to users.');
  const actions = () => import('./users.actions.js');
  roles
    .command('list')
    .description('List the user roles.')
    .action(async () => (await actions()).listRoles());
  roles
    .command('create')
    .description('Create a user role of your own. It grants nothing by itself: plugins can require it.')
    .argument('<name>', 'name of the role, such as HR')
    .option('--description <text>', 'what users with this role are')
    .action(async (name: string, options: { description?: string }) =>
      (await actions()).createRole(name, options.description),
    );
  roles
    .command('add')
    .description('Give a role to a user.')
    .argument('<email>', 'email address of the user')
    .argument('<role>', 'name of the role')
    .action(async (email: string, role: string) => (await actions()).changeRole(email, role, true));
  roles
    .command('remove')
    .description('Take a role from a user.')
    .argument('<email>', 'email address of the user')
    .argument('<role>', 'name of the role')
    .action(async (email: string, role: string) => (await actions()).changeRole(email, role, false));
  return roles;
}
