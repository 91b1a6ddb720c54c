/** Under which name the snapshots of the function that reads Postal's database are kept. No host that reports can have it: a sender's name has no slash. */
export const databaseSender = 'functions/postal-database';
