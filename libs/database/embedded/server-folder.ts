/** Folder for files that the server's unprivileged user must read, if root runs a project in a private folder. */
export const SERVER_FOLDER = '/var/lib/flexmeasures';
