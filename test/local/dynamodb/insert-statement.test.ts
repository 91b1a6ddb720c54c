import { expect, test } from 'vitest';
import { parseInsert } from '../../../lib/local/dynamodb/insert-statement.ts';

test.each([
  [`INSERT INTO "ledger" VALUE {'pk': ?, 'sk': ?}`, 'ledger', ['pk', 'sk']],
  [`insert into "a.b-c_d" value {'it''s':?} ;`, 'a.b-c_d', ["it's"]],
  [`  INSERT\n INTO "ledger"\n VALUE\n { 'pk' : ? }  `, 'ledger', ['pk']],
])('reads %s', (statement, table, attributes) => {
  expect(parseInsert(statement)).toEqual({ ok: true, table, attributes });
});

test.each([
  [`SELECT * FROM "ledger"`, 'knows no other statement than INSERT'],
  [`UPDATE "ledger" SET a = ? WHERE pk = ?`, 'knows no other statement than INSERT'],
  [`DELETE FROM "ledger" WHERE pk = ?`, 'knows no other statement than INSERT'],
  [`INSERT INTO ledger VALUE {'pk': ?}`, 'knows no other statement than INSERT'],
  [`INSERT INTO "ledger" VALUE {'pk': ?} WHERE 1`, 'knows no other statement than INSERT'],
  [`INSERT INTO "ledger" VALUE {}`, "expected 'attribute': ? and found nothing"],
  [`INSERT INTO "ledger" VALUE {'pk': 'literal'}`, "expected 'attribute': ? and found 'pk': 'literal'"],
  [`INSERT INTO "ledger" VALUE {"pk": ?}`, `expected 'attribute': ? and found "pk": ?`],
  [`INSERT INTO "ledger" VALUE {'pk': ?, 'pk': ?}`, 'attribute pk twice'],
])('refuses %s', (statement, why) => {
  expect(parseInsert(statement)).toEqual({ ok: false, message: expect.stringContaining(why) });
});
