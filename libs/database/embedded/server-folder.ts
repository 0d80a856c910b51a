/** Where root keeps what the server's unprivileged user must reach, when the project's own folder is private. */
export const SERVER_FOLDER = '/var/lib/flexmeasures';
