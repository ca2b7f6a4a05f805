### Every text for people, as it is written in the sources and the runbooks. Made by `cargo test -p hcops-i18n`, which fails
### when it is out of date; with HCOPS_UPDATE=1 it writes this file. Change the source, never this file.

## runbooks/connect-maintenance-ride-out.toml

a-window-that-begins-within-so-many-minutes-37c7 = A window that begins within so many minutes is waited for
note-the-pending-writes-and-write-errors-of-30c9 = Note the pending writes and write errors of { $connection_name }
nothing-is-changed-f214 = Nothing is changed.
only-errors-that-come-afterwards-say-something-about-2e40 = Only errors that come afterwards say something about the maintenance. Where it has begun already, Connect answers nothing until it is over.
wait-until-announced-maintenance-is-over-and-answers-ef2d = Wait until announced maintenance is over and { $connection_name } answers
while-it-lasts-connect-can-be-neither-paused-0ba7 = While it lasts Connect can be neither paused, resumed nor configured. Normal sync returns by itself.
check-that-sync-is-whole-idle-each-mapping-5a9e = Check that sync is whole: IDLE, each mapping DATA_SYNCED, and what collected meanwhile is sent
connect-kept-the-changes-made-meanwhile-and-continues-2bfa = Connect kept the changes made meanwhile and continues afterwards; that it did is seen, not believed.
heroku-takes-connect-offline-from-time-to-time-031f = Heroku takes Connect offline from time to time, usually for no more than 45 minutes, and handles it alone: it can be neither scheduled nor moved. All sync rests meanwhile and Connect cannot be configured; data in Postgres stays readable and writable. Connect keeps the changes and goes on afterwards by itself, so the only preparation is to expect the delay. This run changes nothing: it waits through an announced window and then checks that sync is whole. Windows are announced about two weeks ahead; `hcops windows` shows them and says whether a run of some hours is safe to start.
ride-out-herokus-maintenance-of-9776 = Ride out Heroku's maintenance of { $connection_name }

## runbooks/connection-recreate-import.toml

what-is-written-to-a-mapped-table-while-0654 = What is written to a mapped table while there is no connection is captured by nobody. Release phases may run: removing and creating an add-on starts them.
an-app-that-has-the-database-only-since-1547 = An app that has the database only since the plan was made is in none of its steps: nobody would silence it.
a-connection-that-still-syncs-takes-in-changes-9b2f = A connection that still syncs takes in changes that are lost with it.
whoever-still-writes-to-a-mapped-table-from-8796 = Whoever still writes to a mapped table, from wherever they are connected, writes what nobody captures.
the-file-has-to-be-what-the-connection-57b6 = The file has to be what the connection is: afterwards it is all that is left of it.
a-change-that-has-not-reached-salesforce-never-bcca = A change that has not reached Salesforce never will: the trigger log of a removed connection is not read any more.
how-the-connection-is-before-synced-it-is-33e7 = How the connection is before: synced (it is drained and paused), or broken for good, as after a sandbox was refreshed (what it holds back is only kept as evidence)
whether-the-database-is-looked-into-counts-sees-fedf = Whether the database is looked into: counts sees that nothing writes, what has not been sent, counts the mapped tables before and after and lists what is built on them by SQL; none makes no connection to it, and somebody has to look by hand
name-of-the-new-connections-add-on-chosen-31ea = Name of the new connection's add-on, chosen before it is created
postgres-schema-of-the-new-connection-another-one-ce94 = Postgres schema of the new connection; another one than before begins with empty tables
how-writes-to-mapped-tables-are-stopped-maintenance-56c1 = How writes to mapped tables are stopped: maintenance mode and scaling of the apps, or somebody attests that nobody writes
check-that-can-be-removed-and-that-can-cf5d = Check that { $connection_name } can be removed, and that { $inputs_new_name } can take its place
after-the-removal-it-would-be-too-late-78e8 = After the removal it would be too late to find out that a name is taken or that nobody knows where to log in.
check-that-and-its-mappings-are-healthy-da0e = Check that { $connection_name } and its mappings are healthy
only-a-connection-that-syncs-can-bring-to-9a9d = Only a connection that syncs can bring to Salesforce what still waits. One that is broken for good: --before broken.
the-new-connection-gets-the-same-config-var-0917 = The new connection gets the same config var. A variable that was set by hand could mean another database tomorrow.
see-whether-the-schema-is-in-already-c417 = See whether the schema { $inputs_schema } is in { $database_name } already
the-tables-of-a-removed-connection-stay-heroku-fd26 = The tables of a removed connection stay. Heroku does not document whether a new connection can be set up on them.
check-that-no-announced-heroku-maintenance-falls-into-7674 = Check that no announced Heroku maintenance falls into the next three hours
while-connect-is-under-maintenance-nothing-can-be-bb9a = While Connect is under maintenance nothing can be configured, for up to 45 minutes.
check-that-can-be-read-by-sql-from-6a34 = Check that { $database_name } can be read by SQL from here
who-writes-what-has-not-been-sent-and-e2f4 = Who writes, what has not been sent, and what is built on the tables is seen in the database itself.
export-the-configuration-of-into-a-file-and-c9e5 = Export the configuration of { $connection_name } into a file, and check that it has every mapping
the-file-is-what-the-new-connection-is-01a9 = The file is what the new connection is made from. It is kept in the run's evidence; `heroku connect:import` takes it too.
note-write-algorithm-beta-features-batch-sizes-and-54fd = Note write algorithm, beta features, batch sizes and Salesforce API version of { $connection_name }
an-import-brings-none-of-them-back-and-2c1b = An import brings none of them back, and after the removal they can't be read any more.
note-the-collaborators-of-and-their-notifications-d52c = Note the collaborators of { $connection_name } and their notifications
no-api-shows-them-they-have-to-be-fc8d = No API shows them. They have to be set by hand on the new connection, and then nobody can look them up.
who-are-the-collaborators-of-and-which-notifications-3bb8 = Who are the collaborators of { $connection_name }, and which notifications does each of them get? They are on its page: `heroku addons:open { $connection_name } -a { $app_name }`, Settings.
list-what-is-built-by-sql-on-the-563c = List what is built by SQL on the mapped tables
an-import-brings-back-the-indexes-that-were-30ca = An import brings back the indexes that were made through Connect, and none that were made by SQL; views and foreign keys can make a load fail.
attest-that-nobody-writes-to-the-mapped-tables-f0e0 = Attest that nobody writes to the mapped tables
hcops-sees-dynos-and-the-connection-not-what-e2a2 = hcops sees dynos and the connection, not what connects from elsewhere. Between the removal and the import no change is captured.
from-the-beginning-of-the-downtime-or-from-9a3c = From the beginning of the downtime, or from now on where the apps stay up, until the new connection syncs, nobody writes to the mapped tables of { $database_name }: no app, no ETL or BI tool, no script, no database console.
scheduler-jobs-and-autoscalers-are-switched-off-by-e756 = Scheduler jobs and autoscalers are switched off by the beginning of the downtime, or cannot start anything that writes until the new connection syncs.
starts-89ae = starts
turn-maintenance-mode-of-on-5457 = Turn maintenance mode of { $app_name } on
turn-maintenance-mode-of-off-7197 = Turn maintenance mode of { $app_name } off
maintenance-mode-is-turned-off-nothing-is-lost-c150 = Maintenance mode is turned off; nothing is lost.
web-requests-must-not-write-to-mapped-tables-b067 = Web requests must not write to mapped tables while there is no connection. Maintenance mode stops web traffic only.
wait-until-each-mapping-of-is-data-synced-650d = Wait until each mapping of { $connection_name } is DATA_SYNCED, with nothing left to send
all-data-has-to-be-in-salesforce-before-abba = All data has to be in Salesforce before the connection is removed.
they-are-waited-for-1da9 = They are waited for.
pause-sync-on-5e68 = Pause sync on { $connection_name }
resume-sync-on-9539 = Resume sync on { $connection_name }
sync-is-resumed-what-collected-meanwhile-is-synced-67b2 = Sync is resumed; what collected meanwhile is synced then.
from-here-on-nothing-moves-any-more-so-1aa4 = From here on nothing moves any more, so that what is looked at next stays so.
see-that-nothing-writes-to-68a6 = See that nothing writes to { $database_name }
nothing-is-changed-everything-so-far-is-restored-d15e = Nothing is changed; everything so far is restored by `hcops abort`.
dynos-and-the-connection-are-not-all-that-db0f = Dynos and the connection are not all that can write: whoever still does is named here, with the way to stop them.
look-for-open-and-refused-writes-of-be3a = Look for open and refused writes of { $connection_name }
what-has-not-reached-salesforce-never-will-after-9596 = What has not reached Salesforce never will after the removal. Nothing writes any more, so the figures stand still: they are kept as evidence, and somebody has to acknowledge them.
they-are-lost-with-the-connection-but-for-582c = They are lost with the connection, but for what is kept in the run's evidence and in the tables themselves.
note-by-sql-what-has-captured-and-not-c225 = Note by SQL what { $connection_name } has captured and not sent
the-api-shows-numbers-the-trigger-log-shows-4e10 = The API shows numbers; the trigger log shows each table and state. Its open rows are not read by anybody after the removal.
count-the-rows-of-each-mapped-table-6baf = Count the rows of each mapped table
beside-them-the-rows-after-the-import-show-86f5 = Beside them the rows after the import show whether the new connection has loaded what the old one had.
see-once-more-whether-the-schema-is-in-99ae = See once more whether the schema { $inputs_schema } is in { $database_name }
behind-the-removal-connect-may-refuse-a-schema-35b3 = Behind the removal Connect may refuse a schema that exists; how to go on then has to be known before.
the-connection-is-gone-for-good-its-state-187c = The connection is gone for good: its state, its collaborators and their notifications, its audit trail, and the trigger log's open rows. Only a new connection can take its place, and whether Connect takes a schema that is there already for it is not documented: the step before says what to do where it refuses { $inputs_schema }.
remove-851e = Remove { $connection_name }
none-from-here-the-run-only-goes-forward-9fd2 = None: from here the run only goes forward, to a new connection.
a-connection-cant-be-given-another-organisation-or-f1f1 = A connection can't be given another organisation or be repaired from the inside: it is made anew.
create-on-plan-3693 = Create { $inputs_new_name } on plan { $connection_addon_plan }
it-can-be-removed-again-the-old-connection-b8df = It can be removed again; the old connection does not come back.
the-same-plan-as-before-under-a-name-4a39 = The same plan as before, under a name that was chosen beforehand, so that an interrupted creation is found again instead of repeated.
gain-access-to-0522 = Gain access to { $inputs_new_name }
the-access-list-of-a-new-connection-is-2e59 = The access list of a new connection is empty; until this account is on it, discovery does not show the connection.
give-the-database-and-the-schema-418b = Give { $inputs_new_name } the database { $connection_db_key } and the schema { $inputs_schema }
it-can-be-changed-at-any-time-before-f617 = It can be changed at any time before the login.
neither-is-in-the-exported-file-where-connect-bf01 = Neither is in the exported file. Where Connect refuses a schema that exists, rename it by hand and go on, or set another one.
ask-for-the-address-of-the-salesforce-login-5179 = Ask for the address of the Salesforce login
salesforce-lets-in-a-person-only-2a15 = Salesforce lets in a person only.
log-in-to-salesforce-for-190f = Log in to Salesforce for { $inputs_new_name }
somebody-else-can-log-in-later-109c = Somebody else can log in later.
the-connection-acts-as-the-user-who-logs-6b75 = The connection acts as the user who logs in. It is done when the connection shows it, not when somebody says so.
import-the-configuration-into-and-wait-until-each-f214 = Import the configuration into { $inputs_new_name }, and wait until each mapping is DATA_SYNCED
mappings-can-be-changed-at-any-time-4d07 = Mappings can be changed at any time.
tables-that-are-there-already-are-not-replaced-6531 = Tables that are there already are not replaced; one whose shape does not fit shows as a broken mapping.
compare-the-configuration-of-with-the-exported-one-228a = Compare the configuration of { $inputs_new_name } with the exported one
an-accepted-import-is-not-a-proof-mappings-9116 = An accepted import is not a proof: mappings, polling and accelerated polling of each are compared. A difference that is meant, such as another organisation, somebody says so of.
sync-is-resumed-below-7a8f = Sync is resumed below.
the-api-version-can-be-changed-only-while-762f = The API version can be changed only while it is paused, and nothing should be sent before the write algorithm is set.
give-the-salesforce-api-version-of-before-8f3c = Give { $inputs_new_name } the Salesforce API version of before
it-can-be-changed-again-while-the-connection-edbc = It can be changed again while the connection is paused.
new-connections-take-the-newest-version-another-version-60b7 = New connections take the newest version. Another version can mean other fields, which is shown before it is changed.
set-the-write-algorithm-of-as-before-6688 = Set the write algorithm of { $inputs_new_name } as before
it-can-be-changed-at-any-time-c69f = It can be changed at any time.
it-decides-in-which-order-changes-reach-salesforce-fe76 = It decides in which order changes reach Salesforce, and it can be set on the connection's page only.
set-the-beta-features-batch-sizes-and-name-b95c = Set the beta features, batch sizes and name of { $inputs_new_name } as before
they-can-be-changed-at-any-time-8824 = They can be changed at any time.
they-are-set-by-hand-on-the-connections-bf8c = They are set by hand, on the connection's page. What is not as before is shown, until it is or somebody says that it is meant.
count-the-rows-of-each-mapped-table-beside-7550 = Count the rows of each mapped table beside those of before
data-synced-says-that-a-load-has-ended-8294 = DATA_SYNCED says that a load has ended; the rows say that it was whole. What Salesforce does not have any more, as after a refresh, is gone.
see-that-what-was-built-by-sql-on-82f8 = See that what was built by SQL on the mapped tables is still there
a-table-that-was-made-anew-has-none-83bb = A table that was made anew has none of it. What is missing is named with the statement that makes it again.
note-how-is-before-sync-resumes-c67b = Note how { $inputs_new_name } is before sync resumes
only-what-comes-afterwards-says-something-about-the-e982 = Only what comes afterwards says something about the new connection: write errors and notifications.
sync-can-be-paused-again-d013 = Sync can be paused again.
everything-is-as-it-was-sync-may-go-39a7 = Everything is as it was: sync may go on.
restore-the-formation-of-c4f2 = Restore the formation of { $app_name }
it-can-be-scaled-at-any-time-c0eb = It can be scaled at any time.
each-process-type-gets-exactly-the-quantity-and-5a40 = Each process type gets exactly the quantity and size that it had when it was scaled down.
ends-b7a7 = ends
bring-maintenance-mode-of-back-as-it-was-a61d = Bring maintenance mode of { $app_name } back as it was
it-can-be-turned-on-at-any-time-a33e = It can be turned on at any time.
it-was-off-before-or-somebody-else-had-1826 = It was off before, or somebody else had turned it on: then it stays on.
set-the-collaborators-of-and-their-notifications-b644 = Set the collaborators of { $inputs_new_name } and their notifications
they-are-set-on-the-connections-page-heroku-eb0b = They are set on the connection's page: `heroku addons:open { $inputs_new_name } -a { $app_name }`, Settings. Nobody is notified of sync errors until then.
the-collaborators-of-and-their-notifications-are-set-b6ac = The collaborators of { $inputs_new_name } and their notifications are set as they were noted: { $steps_collaborators_answer }
see-at-the-end-that-syncs-and-maps-b39b = See at the end that { $inputs_new_name } syncs and maps what the plan knew
minutes-have-passed-since-sync-was-seen-whole-43a5 = Minutes have passed since sync was seen whole. Whoever paused it or took a mapping away meanwhile would leave a database that quietly grows old behind a run that is done.
the-configuration-is-exported-and-what-no-export-d3be = The configuration is exported and what no export holds is written down; then the connection is removed and made anew on the same plan, database and schema, somebody logs in to Salesforce, and the configuration is imported. Needed after a Salesforce sandbox was refreshed, and as the last resort where a connection does not come back after its database was replaced. The removal can't be taken back: collaborators, audit trail and whatever had not reached Salesforce are gone with it. The tables in Postgres stay, and the new mappings go on with them where they fit.
recreate-as-from-its-exported-configuration-da2d = Recreate { $connection_name } as { $inputs_new_name } from its exported configuration

## runbooks/essential-copy-copy.toml

plan-of-the-new-database-for-example-standard-8688 = Plan of the new database, for example standard-0
postgres-major-version-of-the-new-database-at-f157 = Postgres major version of the new database; at least that of the old one
check-that-can-be-copied-into-a-database-8549 = Check that { $database_name } can be copied into a database of plan { $inputs_to_plan }
copies-are-for-less-than-10-gb-and-0663 = Copies are for less than 10 GB and not for Shield; they take the default credential only, and a plan has to exist before apps are silenced for it.
create-empty-on-plan-9ef3 = Create { $inputs_new_name }, empty, on plan { $inputs_to_plan }
destroy-the-new-database-a1ae = Destroy the new database { $inputs_new_name }
the-new-database-is-destroyed-never-notices-it-5af8 = The new database is destroyed; { $database_name } never notices it.
it-becomes-the-new-database-its-name-is-2f8e = It becomes the new database. Its name is chosen beforehand, so that an interrupted creation is found again instead of repeated.
a-database-of-the-essential-tier-cant-change-ac38 = A database of the Essential tier can't change to another tier and can't be followed: it is copied into a new database, and the apps and the connection are switched to that. A copy holds what was there when it began: that nothing was written since is seen in the old database itself, and both are compared before the switch (`--compare`). Writes are off for the whole copy, about three minutes for each gigabyte, and for as long as the comparison takes. Until the switch the old database is only read and `hcops abort` leads back; it is kept at the end. Where the connection does not come back on the new database, it is made anew with connection-recreate.
copy-into-a-new-database-on-plan-and-67a7 = Copy { $database_name } into a new database on plan { $inputs_to_plan }, and switch to it

## runbooks/field-change-complex.toml

whether-the-database-is-looked-into-counts-lists-b41d = Whether the database is looked into: counts lists what is built by SQL on the column and counts its values before and after; none makes no connection to it, and somebody has to look by hand
nothing-beside-the-database-138f = nothing beside the database
none-for-the-apps-but-the-column-is-0da3 = none for the apps, but the column is gone until it is loaded again
the-old-column-with-its-values-is-dropped-e45c = the old column with its values is dropped; Salesforce fills the new one
a-mapping-that-is-broken-or-loading-already-39f3 = A mapping that is broken or loading already can't be saved and watched.
views-indexes-constraints-triggers-and-functions-on-the-182b = Views, indexes, constraints, triggers and functions on the column are seen in the database itself.
attest-that-the-change-of-is-agreed-on-9f0c = Attest that the change of { $inputs_object }.{ $inputs_field } is agreed on both sides
dropping-a-column-takes-with-it-what-was-d0cb = Dropping a column takes with it what was built on it, and apps that use it fail until it is there again.
the-definition-of-has-changed-in-salesforce-for-6701 = The definition of { $inputs_object }.{ $inputs_field } has changed in Salesforce for good, and its administrator agrees with this moment.
no-app-reads-or-writes-the-column-from-45ff = No app reads or writes the column from now until it is loaded again.
attest-that-what-is-built-on-the-column-c5c6 = Attest that what is built on the column is known
without-a-connection-to-the-database-hcops-cant-b59c = Without a connection to the database hcops can't list it, and dropping the column takes it along or fails because of it.
every-view-index-constraint-trigger-and-function-that-b251 = Every view, index, constraint, trigger and function that was made by SQL on the column of { $inputs_object }.{ $inputs_field } is known, and its definition is saved.
have-it-acknowledged-what-the-change-does-to-6a38 = Have it acknowledged what the change does to what is built on the column
dropping-a-column-fails-because-of-a-view-86cd = Dropping a column fails because of a view, a foreign key or a trigger on it, or takes them along; indexes and constraints go with it. Definitions are kept in the run's evidence.
read-the-mapping-of-with-its-revision-and-9acf = Read the mapping of { $inputs_object } with its revision, and keep it as evidence
what-is-saved-next-is-exactly-this-configuration-0fc5 = What is saved next is exactly this configuration without the field, and then with it; the revision tells whether somebody else has saved it meanwhile.
count-the-values-of-the-column-of-5799 = Count the values of the column of { $inputs_object }.{ $inputs_field }
the-column-is-dropped-with-its-values-their-a598 = The column is dropped with its values: their number shows afterwards whether all came back.
the-column-is-dropped-with-its-values-and-cb6f = The column is dropped with its values and with everything that was built on it by SQL: views, indexes, constraints, triggers. The values come back from Salesforce, in their new type; changes that had not reached Salesforce, and what was built by SQL, don't.
save-the-mapping-of-without-and-see-that-3820 = Save the mapping of { $inputs_object } without { $inputs_field }, and see that it is gone
none-to-the-old-column-its-type-is-7d2d = None to the old column: its type is gone in Salesforce too. The field is mapped again in the next step.
a-column-cant-be-given-another-type-connect-98e8 = A column can't be given another type. Connect drops it, and makes it anew when the field is mapped again.
save-the-mapping-of-with-again-and-wait-86d2 = Save the mapping of { $inputs_object } with { $inputs_field } again, and wait until it is loaded
it-can-be-taken-out-of-the-mapping-d6f8 = It can be taken out of the mapping again.
connect-makes-the-column-with-its-new-type-91c1 = Connect makes the column with its new type and loads its values from Salesforce. On a very large table no other change is synced meanwhile.
see-that-the-new-column-of-has-its-c957 = See that the new column of { $inputs_object }.{ $inputs_field } has its new type, and as many values as the old one
data-synced-says-that-the-load-has-ended-81cc = DATA_SYNCED says that the load has ended; the type says that the column was made anew, and the values say that the load was whole.
see-that-what-was-built-on-the-column-e02c = See that what was built on the column is there again
connect-brings-back-the-indexes-that-were-made-5cb3 = Connect brings back the indexes that were made through it, and nothing that was made by SQL. What is missing is named with the statement that makes it again.
attest-that-what-was-built-on-the-column-8a22 = Attest that what was built on the column is there again
connect-brings-back-the-indexes-that-were-made-6ed1 = Connect brings back the indexes that were made through it, and nothing that was made by SQL.
views-indexes-constraints-and-triggers-that-were-made-2500 = Views, indexes, constraints and triggers that were made by SQL on { $inputs_object }.{ $inputs_field } are made again where they are still needed.
check-that-syncs-again-without-new-write-errors-95d7 = Check that { $inputs_object } syncs again, without new write errors, and note its rows
a-table-that-was-loaded-is-not-yet-9356 = A table that was loaded is not yet a sync that works in both directions. Rows that are missing show here.
for-a-field-whose-type-has-changed-in-f152 = For a field whose type has changed in Salesforce, or whose length has become shorter. The field is taken out of the mapping, which drops its column; then it is put in again, and Connect makes the column with its new type and loads it from Salesforce. The old column can't be brought back. Heroku's staff (heroku-connect-plugin, pull request 292, 2026-05-22) have it so for shorter lengths, other types and anything else; the Dev Center article (2022) has a mapping only saved for any other length. For a field that has become longer the method simple is more than enough.
take-out-of-the-mapping-of-and-put-c83a = Take { $inputs_field } out of the mapping of { $inputs_object } and put it in again, because its definition has changed in Salesforce

## runbooks/field-change-simple.toml

whether-the-database-is-looked-into-counts-lists-9b30 = Whether the database is looked into: counts lists what is built by SQL on the column; none makes no connection to it, and somebody has to look by hand
none-sync-goes-on-eb2f = none: sync goes on
a-mapping-is-only-saved-nothing-is-dropped-477e = a mapping is only saved: nothing is dropped
a-view-keeps-a-column-from-getting-another-329f = A view keeps a column from getting another length, and the mapping fails.
the-plan-says-what-was-seen-of-the-a52a = The plan says what was seen of the change, and which method it needs.
what-has-changed-of-in-salesforce-is-known-6f50 = What has changed of { $inputs_object }.{ $inputs_field } in Salesforce is known, and its administrator agrees with this moment.
no-app-relies-on-the-former-length-of-fc85 = No app relies on the former length of the column: nothing writes values that are longer than it becomes.
a-view-on-the-column-keeps-it-from-c199 = A view on the column keeps it from getting another length, and the save ends in an error. Definitions are kept in the run's evidence.
what-is-saved-next-is-exactly-this-configuration-9aae = What is saved next is exactly this configuration; the revision tells whether somebody else has saved it meanwhile.
read-the-length-of-the-column-of-and-aff7 = Read the length of the column of { $inputs_object }.{ $inputs_field }, and count its values
the-length-of-before-shows-afterwards-that-it-d385 = The length of before shows afterwards that it changed. Where saving the mapping may not be enough, that is asked now and not found after it.
the-column-takes-its-definition-in-salesforce-its-c4be = The column takes its definition in Salesforce. Its former length comes back only when the field is changed back in Salesforce and the mapping is saved again; a value that is too long for a shorter column does not come back.
save-the-mapping-of-and-wait-until-its-c515 = Save the mapping of { $inputs_object }, and wait until its table is changed
none-by-itself-change-the-field-back-in-39c1 = None by itself: change the field back in Salesforce, and carry this procedure out again.
by-the-article-on-maintenance-operations-connect-does-57b2 = By the article on maintenance operations Connect does not alter a table by itself: the mapping is saved, and the column takes its present length.
see-that-the-column-of-has-its-new-3766 = See that the column of { $inputs_object }.{ $inputs_field } has its new length
data-synced-is-the-state-of-before-as-5bf4 = DATA_SYNCED is the state of before as well; the column itself says that it changed.
a-table-that-was-loaded-is-not-yet-fb9c = A table that was loaded is not yet a sync that works in both directions. Rows that are missing show here; the values of a column only SQL shows.
for-a-field-whose-length-has-changed-in-896b = For a field whose length has changed in Salesforce: the mapping is saved, so that Connect takes over the field's present length. A field that has become longer needs not even that, by Heroku's staff (heroku-connect-plugin, pull request 292, 2026-05-22): Connect alters the column at the next sync. One that has become shorter, or has another type, needs the method complex by that source. The Dev Center article (2022) has the mapping saved for any other length; the column may stay as it is then, which shows in the step after it.
save-the-mapping-of-because-the-length-of-8955 = Save the mapping of { $inputs_object }, because the length of { $inputs_field } has changed in Salesforce

## runbooks/fragments/connection.toml

while-connect-is-under-maintenance-it-can-be-5224 = While Connect is under maintenance it can be neither paused nor resumed, for up to 45 minutes.
a-connection-that-is-broken-before-cannot-show-a5fa = A connection that is broken before cannot show afterwards that sync resumed.
check-that-uses-through-3368 = Check that { $connection_name } uses { $database_name } through { $connection_db_key }
the-switch-moves-the-attachment-behind-a-variable-2959 = The switch moves the attachment behind { $connection_db_key }. A variable that was set by hand would not move with it.

## runbooks/fragments/copy.toml

a-copy-holds-what-was-there-when-it-5b29 = A copy holds what was there when it began: every later commit would be missing in the new database.
what-is-written-to-from-then-on-is-5cc4 = What is written to { $database_name } from then on is missing in { $inputs_new_name }; `hcops postgres compare { $database_name } { $inputs_new_name } -a { $database_owner_app }` shows what.
what-an-app-still-wrote-to-the-old-d9e7 = What an app still wrote to the old database would be missing in the new one. Release phases may run: the switch itself starts them.
connect-must-not-write-while-the-database-under-3a95 = Connect must not write while the database under it is copied and replaced: what it wrote to the old one would be missing in the new one.
the-comparison-found-no-difference-it-holds-for-ae29 = The comparison found no difference. It holds for as long as nothing is written on either side.
connect-will-not-fill-a-database-that-is-5c58 = Connect will not fill a database that is not a copy of the old one.
whatever-still-writes-to-the-old-database-from-9110 = Whatever still writes to the old database, from wherever it is connected, writes what would be missing in the new one.
without-a-look-into-the-databases-transactions-tables-bfb1 = Without a look into the databases, transactions, tables and size as Heroku shows them tell that something wrote to the old one. Not seen: a writer of fewer than 20 transactions, plus one for each table and one for every ten seconds since, which the server's own upkeep may take as well; with `--compare counts` or `full` a single row is seen.
a-copy-holds-what-was-there-when-it-1b67 = A copy holds what was there when it began. Whatever was written since the silence was seen may be missing in it.
a-copy-erases-its-target-first-only-a-270a = A copy erases its target first: only a database that holds nothing loses nothing.
what-proves-the-copy-full-compares-every-value-5ef7 = What proves the copy: full compares every value of every row, counts only the number of rows; none makes no connection to the databases: no comparison, no check of silence, backlog or statistics by SQL, and a slow writer to the old database is not seen
credentials-beyond-the-default-one-that-somebody-has-9f0d = Credentials beyond the default one that somebody has looked at: a copy takes only what the default credential sees
from-the-first-write-on-the-new-database-47cc = From the first write on the new database on, { $database_name } is out of date: going back to it would lose those writes.
attach-to-as-1cc2 = Attach { $inputs_new_name } to { $app_name } as { $database_attachment }
none-from-here-the-run-only-goes-forward-9d58 = None: from here the run only goes forward.
the-connection-reads-the-new-database-takes-its-0eb0 = The connection reads { $connection_db_key }: the new database takes its name, and the connection's settings stay.
make-sure-that-has-as-eb62 = Make sure that { $app_name } has { $inputs_new_name } as { $follower_alias }
the-copy-is-destroyed-with-its-attachments-and-21b0 = The copy is destroyed with its attachments, and everything goes on with { $database_name }.
the-connection-can-only-use-a-database-that-ea50 = The connection can only use a database that is attached to its own app. This is already so where that app owns the database.
note-how-and-its-databases-are-before-sync-db5e = Note how { $connection_name } and its databases are before sync resumes
only-what-comes-afterwards-says-something-about-the-b57a = Only what comes afterwards says something about the new database: write errors, notifications, the trigger log, changes of Salesforce.
see-what-of-no-comparison-will-reach-5bcb = See what of { $database_name } no comparison will reach
what-the-credential-may-not-read-nobody-can-1ea5 = What the credential may not read nobody can compare. That has to be known, and accepted, before writes go off.
check-that-can-have-every-extension-role-and-9f00 = Check that { $inputs_new_name } can have every extension, role and grant of { $database_name }
nothing-is-changed-the-new-database-can-be-2275 = Nothing is changed; the new database can be destroyed.
a-copy-fails-on-an-extension-or-a-43cd = A copy fails on an extension or a role that is missing, takes no grants, and databases from before August 2022 hold extensions in another schema than newer ones. Connect's functions name public.hstore.
compare-with-c9d1 = Compare { $inputs_new_name } with { $database_name } ({ $inputs_compare })
nothing-is-changed-the-copy-can-be-destroyed-1e91 = Nothing is changed; the copy can be destroyed.
connect-neither-fills-nor-mends-an-empty-or-1b8d = Connect neither fills nor mends an empty or different database, and its functions name public.hstore: an extension that lies in another schema is a difference. The time is an estimate: ten seconds for each of about { $database_gigabytes } GB; it depends on what the servers can read.
copy-into-ed13 = Copy { $database_name } into { $inputs_new_name }
cancel-the-copy-into-if-it-still-runs-af58 = Cancel the copy into { $inputs_new_name }, if it still runs
the-copy-is-cancelled-and-the-new-database-ccaf = The copy is cancelled and the new database destroyed; { $database_name } was only read.
done-is-finished-succeeded-and-0-warnings-a-2d9e = Done is finished, succeeded, and 0 warnings. A copy that is lost sight of is looked for again, never taken for done.
check-that-has-the-credential-of-of-c092 = Check that { $inputs_new_name } has the credential { $attachment_credential } of { $attachment_name } of { $attachment_app }
a-copy-brings-no-credentials-without-this-one-537f = A copy brings no credentials. Without this one { $attachment_app } can't be moved: where this step is skipped, { $attachment_app } stays in maintenance mode and scaled down at the end, and the run waits for it.
attach-to-as-as-well-369d = Attach { $database_name } to { $database_owner_app } as { $leader_alias } as well
remove-the-spare-attachment-6a48 = Remove the spare attachment { $leader_alias }
the-spare-attachment-is-removed-8c90 = The spare attachment is removed.
the-old-database-loses-the-attachments-that-are-a22a = The old database loses the attachments that are moved. With one of its own it stays reachable and visible.
move-of-to-b084 = Move { $attachment_name } of { $attachment_app } to { $inputs_new_name }
a-promotion-moves-database-of-one-app-only-711c = A promotion moves DATABASE of one app only: poolers and the attachments of other apps keep pointing at the old database.
move-of-credential-to-c3a5 = Move { $attachment_name } of { $attachment_app } (credential { $attachment_credential }) to { $inputs_new_name }
an-app-that-works-through-a-credential-of-294c = An app that works through a credential of its own would go on writing to the old database.
wait-until-is-available-and-writable-575f = Wait until { $inputs_new_name } is available and writable
the-copy-is-destroyed-and-everything-goes-on-8dc0 = The copy is destroyed, and everything goes on with { $database_name }, which is untouched.
a-new-database-can-be-busy-for-a-fc6f = A new database can be busy for a while after it was filled.
say-what-is-left-of-959f = Say what is left of { $database_name }
the-old-database-is-kept-as-it-was-56fb = The old database is kept as it was before the switch. It costs money until somebody removes it, and nobody else will.
attest-that-writers-outside-heroku-are-stopped-when-1db2 = Attest that writers outside Heroku are stopped when the downtime begins
hcops-sees-dynos-and-the-connection-not-what-000f = hcops sees dynos and the connection, not what connects from elsewhere. Their commits would be missing in the new database.
from-the-beginning-of-the-downtime-on-nothing-0ed5 = From the beginning of the downtime on nothing outside the apps that are named in this plan writes to { $database_name }: ETL and BI tools, scripts, database consoles, apps of other teams.
scheduler-jobs-and-autoscalers-of-these-apps-are-3f71 = Scheduler jobs and autoscalers of these apps are switched off when the downtime begins, or cannot start anything until writes are back.
nobody-copies-into-or-out-of-these-databases-40e2 = Nobody copies into, or out of, these databases by hand during the downtime.
promote-to-database-of-e9f0 = Promote { $inputs_new_name } to DATABASE of { $app_name }
database-url-then-means-the-new-database-a-7c12 = DATABASE_URL then means the new database. A connection that uses DATABASE_URL goes with it.
repoint-to-71b8 = Repoint { $connection_name } to { $inputs_new_name }
the-connections-database-setting-names-another-config-va-50bb = The connection's database setting names another config var from now on; { $connection_db_key } keeps meaning the old database.
none-from-here-the-run-only-goes-forward-3292 = None: from here the run only goes forward. Sync can be paused again.
connect-goes-on-where-it-stopped-the-trigger-39d7 = Connect goes on where it stopped: the trigger log is sent to Salesforce, and changes there come in by polling. Where it does not come back to IDLE, the connection is made anew on the new database: `hcops run connection-recreate -a { $app_name } --before broken`.
see-by-seven-signs-that-really-syncs-with-2e44 = See by seven signs that { $connection_name } really syncs with { $inputs_new_name }
an-accepted-resume-is-not-a-sync-that-abcb = An accepted resume is not a sync that works: IDLE, each mapping DATA_SYNCED, the backlog sent, no new complaint, nothing on the old database, a diagnosis without red. Where it does not come back to IDLE, the connection is made anew on the new database: `hcops run connection-recreate -a { $app_name } --before broken`.
check-that-has-as-many-tables-as-97ce = Check that { $inputs_new_name } has as many tables as { $database_name }
a-copy-can-report-success-and-lack-what-a2e3 = A copy can report success and lack what the default credential could not see.
make-sure-that-the-planner-of-knows-its-aa52 = Make sure that the planner of { $inputs_new_name } knows its tables
statistics-do-no-harm-the-copy-can-be-835b = Statistics do no harm; the copy can be destroyed.
a-copy-leaves-no-statistics-and-the-first-e5ed = A copy leaves no statistics, and the first queries of an app that goes live without them can take the database down.
check-again-that-and-its-mappings-are-healthy-7a65 = Check again that { $connection_name } and its mappings are healthy
hours-may-have-passed-since-the-first-check-8026 = Hours may have passed since the first check, and once sync is paused nobody can see it any more.
see-that-nothing-was-written-to-while-it-1799 = See that nothing was written to { $database_name } while it was copied
a-copy-holds-what-was-there-when-it-3b94 = A copy holds what was there when it began. A writer that came and went meanwhile is found here, before hours of comparison.

## runbooks/fragments/database.toml

an-app-or-attachment-that-came-after-the-196f = An app or attachment that came after the plan was made is in none of its steps: it would go on writing to the old database.
attest-to-what-no-comparison-will-reach-7a3d = Attest to what no comparison will reach
nobody-sees-whether-it-is-in-the-new-8941 = Nobody sees whether it is in the new database. Each is named; without any this asks nothing.
note-what-has-captured-and-not-sent-yet-b060 = Note what { $connection_name } has captured and not sent yet
what-is-open-when-sync-pauses-goes-with-1c8f = What is open when sync pauses goes with the trigger log to the new database, and is sent from there.
that-nothing-writes-that-nothing-is-missing-and-cbcc = That nothing writes, that nothing is missing and that the copy is exact is seen in the databases themselves.
note-what-consists-of-581d = Note what { $database_name } consists of
it-is-kept-as-evidence-extensions-tables-indexes-dfbb = It is kept as evidence: extensions, tables, indexes, triggers, functions, sequences and grants as they were.
check-that-apps-attachments-followers-of-and-mappings-ff38 = Check that apps, attachments, followers of { $database_name } and mappings are those of the plan
nothing-is-changed-yet-that-hcops-abort-does-8305 = Nothing is changed yet that `hcops abort` does not take back.
hours-may-have-passed-since-the-plan-was-9aa5 = Hours may have passed since the plan was made. An app that has the database only since then would not be silenced, and an attachment would stay behind.
check-again-that-no-announced-heroku-maintenance-falls-d7cf = Check again that no announced Heroku maintenance falls into the next hour
hours-may-have-passed-since-the-first-check-5a0e = Hours may have passed since the first check, and sync is paused next: under maintenance it can be neither paused nor resumed.
check-again-that-no-maintenance-of-falls-into-2c44 = Check again that no maintenance of { $database_name } falls into the next hour
heroku-may-have-scheduled-one-since-the-first-f704 = Heroku may have scheduled one since the first check, and from here on everything leads to the downtime.

## runbooks/fragments/field.toml

a-table-is-changed-and-loaded-again-only-ff7c = A table is changed and loaded again only by a connection that syncs.
what-is-saved-is-the-configuration-as-it-4314 = What is saved is the configuration as it was read: a change that somebody saved meanwhile would be taken back.
what-has-changed-for-the-record-needed-where-5696 = What has changed, for the record; needed where the API does not show the field's definition
the-fields-api-name-for-example-status-c-bda7 = The field's API name, for example Status__c
what-has-become-of-the-field-where-the-9f64 = What has become of the field, where the plan can't see it or you know better: longer, shorter, or another type or anything else
the-salesforce-objects-api-name-for-example-order-376a = The Salesforce object's API name, for example Order__c
list-what-is-built-by-sql-on-the-bb89 = List what is built by SQL on the column of { $inputs_object }.{ $inputs_field }
a-column-that-a-view-or-a-foreign-0ed4 = A column that a view or a foreign key depends on can't be dropped alone; indexes, constraints and triggers go with it.
see-what-has-changed-of-and-which-method-8048 = See what has changed of { $inputs_object }.{ $inputs_field }, and which method that needs
a-longer-field-needs-less-than-a-shorter-7501 = A longer field needs less than a shorter one or one of another type, and two sources of Heroku's differ about a shorter one.
check-that-no-announced-heroku-maintenance-falls-into-e412 = Check that no announced Heroku maintenance falls into the next hour
check-that-is-mapped-and-what-salesforce-has-920c = Check that { $inputs_object }.{ $inputs_field } is mapped, and what Salesforce has it as
the-definition-in-salesforce-is-what-the-column-fa8f = The definition in Salesforce is what the column becomes.
note-the-pending-writes-and-write-errors-that-95e2 = Note the pending writes and write errors that { $connection_name } has before
only-errors-that-come-afterwards-say-something-about-df76 = Only errors that come afterwards say something about the change.
wait-until-is-idle-3d1e = Wait until { $connection_name } is IDLE
changes-that-are-on-their-way-to-salesforce-8c18 = Changes that are on their way to Salesforce were captured with the old column.

## runbooks/fragments/follower.toml

every-commit-on-the-old-database-after-the-4fcd = Every commit on the old database after the follower has caught up would be missing in the new one.
a-connection-that-resumes-on-the-old-database-83db = A connection that resumes on the old database would sync with data that nobody uses any more.
what-is-still-missing-when-the-silence-begins-47ad = What is still missing when the silence begins is waited for with writes off. A follower that fell behind is waited for before.
what-proves-the-copy-full-compares-every-value-ce9c = What proves the copy: full compares every value of every row, counts only the number of rows; none makes no connection to the databases: no comparison, no check of silence, lag, backlog or statistics by SQL, and a slow writer to the old database is not seen
commits-that-the-follower-may-be-behind-when-8aac = Commits that the follower may be behind when the downtime begins
the-upgraded-copy-is-destroyed-with-its-attachments-a255 = The upgraded copy is destroyed with its attachments, and everything goes on with { $database_name }.
wait-until-is-0-commits-behind-seen-twice-5bcf = Wait until { $inputs_follower_name } is 0 commits behind, seen twice
with-the-apps-and-the-connection-silent-the-7ace = With the apps and the connection silent the follower reaches the leader; seen twice, because one look may fall between two commits.
unlogged-tables-reach-a-follower-empty-and-what-62fd = Unlogged tables reach a follower empty, and what the credential may not read nobody can compare. That has to be known, and accepted, before writes go off.
check-that-no-maintenance-of-falls-into-the-654a = Check that no maintenance of { $database_name } falls into the next three hours
a-maintenance-replaces-the-leader-in-the-middle-327c = A maintenance replaces the leader in the middle of the procedure.
connect-neither-fills-nor-mends-an-empty-or-69ea = Connect neither fills nor mends an empty or different database. The time is an estimate: ten seconds for each of about { $database_gigabytes } GB; it depends on what the servers can read.
create-the-follower-of-on-plan-b834 = Create the follower { $inputs_follower_name } of { $database_name } on plan { $inputs_plan }
destroy-the-follower-c45a = Destroy the follower { $inputs_follower_name }
the-follower-is-destroyed-never-notices-it-0463 = The follower is destroyed; { $database_name } never notices it.
the-follower-becomes-the-new-database-its-name-3513 = The follower becomes the new database. Its name is chosen beforehand, so that an interrupted creation is found again instead of repeated.
nothing-is-changed-the-follower-can-be-destroyed-850a = Nothing is changed; the follower can be destroyed.
a-follower-has-the-credentials-of-its-leader-3890 = A follower has the credentials of its leader. An app whose credential were missing could not be moved, and would go on writing to the old database.
see-for-some-minutes-that-nothing-writes-to-8fd3 = See for some minutes that nothing writes to { $database_name } any more
the-apps-are-back-whatever-still-writes-to-0e1c = The apps are back. Whatever still writes to the old database, a program elsewhere, an app with its address in a config var of its own, writes what nobody will read; and what leads there is named.
see-by-the-log-that-has-everything-of-339d = See by the log that { $inputs_follower_name } has everything of { $database_name }
herokus-behind-by-and-the-place-in-the-4476 = Heroku's "Behind By" and the place in the log on both servers must agree; where they do not, something would be missing.
wait-until-is-at-most-commits-behind-217c = Wait until { $inputs_follower_name } is at most { $inputs_nearly } commits behind
what-is-still-missing-when-the-silence-begins-ac46 = What is still missing when the silence begins is waited for with writes off: this wait makes that one short.
the-old-database-is-kept-as-it-was-d822 = The old database is kept as it was before the switch. It costs money until somebody removes it, and nobody else will. Its followers stay with it: new ones are made by hand.
readers-of-followers-of-know-that-their-database-7cc0 = Readers of followers of { $database_name } know that their database will not be the current one afterwards.
watch-the-release-of-that-attaches-2163 = Watch the release of { $app_name } that attaches { $database_attachment }
when-a-release-phase-fails-the-app-may-2a89 = When a release phase fails the app may run with the old { $connection_db_key }, or without one.
when-a-release-phase-fails-the-app-may-c43b = When a release phase fails the app may run with the old database, or without one.
watch-the-release-of-that-attaches-database-9ae0 = Watch the release of { $app_name } that attaches DATABASE
when-a-release-phase-fails-the-app-may-a708 = When a release phase fails the app may run with the old DATABASE_URL, or without one.
connect-goes-on-where-it-stopped-the-trigger-6fdb = Connect goes on where it stopped: the trigger log is sent to Salesforce, and changes there come in by polling.
an-accepted-resume-is-not-a-sync-that-6ab9 = An accepted resume is not a sync that works: IDLE, each mapping DATA_SYNCED, the backlog sent, no new complaint, nothing on the old database, a diagnosis without red.
check-that-reads-a-config-var-that-means-00da = Check that { $connection_name } reads a config var that means { $inputs_follower_name }
sync-must-not-resume-on-the-old-database-39f0 = Sync must not resume on the old database.

## runbooks/fragments/inputs.toml

how-many-mappings-load-at-the-same-time-dba6 = How many mappings load at the same time
the-database-attachment-config-var-add-on-or-5636 = The database: attachment, config var, add-on or APP::NAME; the connection's database where none is named
salesforces-login-domain-for-salesforce-custom-5039 = Salesforce's login domain, for --salesforce custom
the-follower-attachment-config-var-add-on-or-3848 = The follower: attachment, config var, add-on or APP::NAME
when-the-apps-come-back-resumed-as-soon-7c8d = When the apps come back: resumed, as soon as sync has left PAUSED, as Heroku's documentation has it; synced, when the signs of a sync that works were seen as well
which-postgres-majors-may-be-named-those-that-b638 = Which Postgres majors may be named: those that this hcops knows Heroku to offer, or any, so that Heroku alone judges
name-of-the-new-databases-add-on-chosen-ae64 = Name of the new database's add-on, chosen before it is created
plan-to-end-on-for-example-standard-2-446f = Plan to end on, for example standard-2
where-salesforce-is-logged-in-to-custom-needs-4384 = Where Salesforce is logged in to; custom needs --domain
for-a-connection-that-does-not-use-database-e05a = For a connection that does not use DATABASE_URL: attach the new database under the name it uses, or repoint the connection's database setting
postgres-major-version-to-end-on-for-example-6a7c = Postgres major version to end on, for example 17

## runbooks/fragments/new-database.toml

apps-and-sync-are-about-to-write-to-e244 = Apps and sync are about to write to it.
see-that-no-dyno-of-runs-an-older-68df = See that no dyno of { $app_name } runs an older release
a-dyno-of-the-release-before-still-has-2413 = A dyno of the release before still has the old database's address, and with preboot it lives on for minutes: once maintenance mode is off it would write there.
check-that-is-writable-and-follows-nothing-1549 = Check that { $inputs_new_name } is writable and follows nothing

## runbooks/fragments/signs.toml

see-by-its-signs-that-really-syncs-with-d05b = See by its signs that { $connection_name } really syncs with the upgraded { $database_name }
an-accepted-resume-is-not-a-sync-that-0263 = An accepted resume is not a sync that works: IDLE, each mapping DATA_SYNCED, the backlog sent, no new complaint, a diagnosis without red.
see-by-its-signs-that-really-syncs-fd20 = See by its signs that { $inputs_new_name } really syncs
an-accepted-resume-is-not-a-sync-that-14f8 = An accepted resume is not a sync that works.
see-by-its-signs-that-really-syncs-with-980b = See by its signs that { $connection_name } really syncs with { $inputs_new_name }
an-accepted-resume-is-not-a-sync-that-5e65 = An accepted resume is not a sync that works. Where it does not come back to IDLE, the connection is made anew on the new database: `hcops run connection-recreate -a { $app_name } --before broken`.

## runbooks/fragments/silence.toml

while-connect-is-under-maintenance-sync-cant-be-26c8 = While Connect is under maintenance sync can't be resumed, for up to 45 minutes: the downtime would last as long.
a-maintenance-would-replace-the-database-in-the-97de = A maintenance would replace the database in the middle of the downtime.
a-connection-can-be-paused-only-in-idle-4773 = A connection can be paused only in IDLE; work that is under way is finished first. Writes are still on: this wait is no downtime.
let-the-downtime-begin-dfde = Let the downtime begin
nothing-is-off-yet-hcops-abort-takes-back-4d08 = Nothing is off yet; `hcops abort` takes back what was prepared.
writes-are-still-on-and-nobody-but-the-a01d = Writes are still on, and nobody but the operator decides when they go off: at once, at a time or in a window. What the downtime relies on is seen before that is asked, and again right before it begins.
web-requests-must-not-write-while-the-database-5956 = Web requests must not write while the database is copied. Maintenance mode stops web traffic only.
note-what-heroku-counts-of-while-it-is-4932 = Note what Heroku counts of { $database_name } while it is silent
without-sql-the-count-of-its-transactions-is-200a = Without SQL the count of its transactions is all that tells later whether anybody still writes to it.
connect-must-not-write-while-the-database-is-1cee = Connect must not write while the database is replaced. Writes stay on until the downtime begins: changes keep collecting meanwhile, in the trigger log and in Salesforce.
scale-everything-but-web-of-to-0-7200 = Scale everything but web of { $app_name } to 0
the-formation-of-before-is-restored-nothing-is-0a3b = The formation of before is restored; nothing is lost.
workers-one-off-dynos-and-scheduled-jobs-keep-bd52 = Workers, one-off dynos and scheduled jobs keep writing in maintenance mode. What each had is written down before it is taken away.

## runbooks/fragments/sync.toml

whether-the-trigger-log-is-looked-at-by-80d4 = Whether the trigger log is looked at by SQL, where the database can be reached from here; none makes no connection to it
check-that-no-announced-heroku-maintenance-falls-into-7eba = Check that no announced Heroku maintenance falls into the next 15 minutes

## runbooks/operations/app-formation.toml

how-many-dynos-bf04 = How many dynos
the-dynos-size-for-example-standard-1x-dea8 = The dynos' size, for example Standard-1X
the-process-type-as-in-the-procfile-worker-ba50 = The process type, as in the Procfile: worker
scale-of-to-45c2 = Scale { $inputs_type } of { $app_name } to { $inputs_quantity } × { $inputs_size }
every-process-type-gets-back-what-it-had-5a93 = Every process type gets back what it had.
this-is-how-many-are-wanted-962e = This is how many are wanted.
gives-one-process-type-of-the-app-a-5c58 = Gives one process type of the app a quantity and a size, and waits until the app has them.

## runbooks/operations/app-maintenance-off.toml

it-can-be-turned-on-again-at-any-7d61 = It can be turned on again at any time.
visitors-reach-the-app-again-a649 = Visitors reach the app again.
turns-maintenance-mode-of-the-app-off-so-1b04 = Turns maintenance mode of the app off, so that its visitors reach it again.

## runbooks/operations/app-maintenance-on.toml

web-requests-must-not-write-maintenance-mode-stops-62bf = Web requests must not write. Maintenance mode stops web traffic only.
turns-maintenance-mode-of-the-app-on-it-f6b5 = Turns maintenance mode of the app on. It stops web traffic only: workers, one-off dynos and scheduled jobs keep running.

## runbooks/operations/app-scale-down.toml

workers-one-off-dynos-and-scheduled-jobs-keep-f9d8 = Workers, one-off dynos and scheduled jobs keep writing in maintenance mode.
scales-every-process-type-but-web-to-0-0f29 = Scales every process type but web to 0 in every app that has the connection's database, and waits until nothing runs any more. What each had is written down; `hcops abort` restores it until the run is finished, `hcops app formation` afterwards.
scale-everything-but-web-of-every-app-of-136b = Scale everything but web of every app of { $database_name } to 0

## runbooks/operations/connect-authorize.toml

note-as-whom-is-logged-in-and-since-d913 = Note as whom { $connection_name } is logged in, and since when
only-by-what-is-otherwise-afterwards-a-new-18d2 = Only by what is otherwise afterwards a new login is told from the old one.
from-the-login-on-the-connection-acts-as-a3f3 = From the login on the connection acts as whoever logs in; the login of before does not come back, only another login replaces it.
an-address-that-nobody-follows-changes-nothing-a-490c = An address that nobody follows changes nothing. A login is replaced only by another one.
it-is-done-when-the-connection-shows-the-25fe = It is done when the connection shows the new login, not when somebody says so.
has-somebody-log-in-to-salesforce-for-the-8e2d = Has somebody log in to Salesforce for the connection. The address is asked for and shown (at a terminal it can be opened in a browser), and the command waits until the connection shows the new login: the login of before does not count. Where nobody is at a terminal the run parks with the address (exit 10), and `hcops answer RUN log-in yes` goes on.

## runbooks/operations/connect-errors.toml

list-the-writes-of-that-salesforce-has-refused-4081 = List the writes of { $connection_name } that Salesforce has refused
what-was-refused-is-in-postgres-and-not-23d3 = What was refused is in Postgres and not in Salesforce, until somebody mends and repeats it.
lists-the-writes-that-salesforce-has-refused-in-e1e3 = Lists the writes that Salesforce has refused in the last 24 hours. They are not tried again by themselves. Changes nothing. Exit 0 means that there are none, exit 15 that there are some; with --json the event of kind `settled` has them in full.

## runbooks/operations/connect-export.toml

export-the-configuration-of-and-check-that-it-fe9c = Export the configuration of { $connection_name }, and check that it has every mapping
a-file-that-lacks-a-mapping-shows-that-a0e2 = A file that lacks a mapping shows that only when it is needed.
exports-the-configuration-of-the-connection-and-checks-0aee = Exports the configuration of the connection and checks that it is whole: it parses, and it has each mapping with its fields. Changes nothing. The file is kept in the run's evidence, and written to --out as well; `hcops connect import` and `heroku connect:import` take it. It does not hold the database, the schema, the login, the collaborators and the beta features.
export-the-configuration-of-b0d2 = Export the configuration of { $connection_name }

## runbooks/operations/connect-import.toml

the-configuration-as-hcops-connect-export-or-heroku-701a = The configuration, as `hcops connect export` or `heroku connect:export` wrote it; its contents are in the plan
check-that-the-file-can-be-imported-into-00aa = Check that the file can be imported into { $connection_name }, and say what that changes
a-file-of-another-version-or-without-its-9cb6 = A file of another version, or without its fields, would be accepted first and fail later.
export-the-configuration-of-as-it-is-before-784e = Export the configuration of { $connection_name } as it is before
it-is-what-leads-back-and-nothing-else-4918 = It is what leads back, and nothing else keeps it.
mappings-become-as-the-file-says-columns-that-747f = Mappings become as the file says: columns that it leaves out are dropped with what was built on them by SQL, and tables are loaded anew. Importing the configuration of before brings back columns, not what was built on them.
the-configuration-of-before-is-in-the-runs-229f = The configuration of before is in the run's evidence and can be imported; mappings that were added are removed by hand.
an-accepted-import-is-not-an-import-it-4963 = An accepted import is not an import: it works on after the answer, and right after it the old state may still show.
imports-a-configuration-that-was-exported-and-waits-c814 = Imports a configuration that was exported, and waits until each of its mappings is there, as the file says, and DATA_SYNCED. The plan says what would change. Mappings that the file does not name are left alone. The configuration of before is exported first and kept in the run's evidence, and written to --out as well. It can be imported again; mappings that were added stay until somebody removes them.
import-a-configuration-into-b459 = Import a configuration into { $connection_name }

## runbooks/operations/connect-pause.toml

a-connection-can-be-paused-only-in-idle-d90d = A connection can be paused only in IDLE; work that is under way is finished first.
connect-writes-nothing-while-it-is-paused-d4b6 = Connect writes nothing while it is paused.
waits-until-the-connection-is-idle-pauses-it-91ff = Waits until the connection is IDLE, pauses it, and waits until it is PAUSED. Changes keep collecting in the trigger log and in Salesforce meanwhile.

## runbooks/operations/connect-reload.toml

objects-whose-mappings-are-reloaded-in-this-order-d07c = Objects whose mappings are reloaded, in this order: Account Contact
a-broken-mapping-cannot-load-and-one-that-e964 = A broken mapping cannot load, and one that loads already must not be begun again.
show-what-the-reload-asks-of-salesforce-3a29 = Show what the reload asks of Salesforce
a-reload-reads-every-record-where-the-organisation-a56c = A reload reads every record. Where the organisation runs out of API calls it stops half-way, and so does everything else that uses them.
note-the-write-errors-of-69da = Note the write errors of { $connection_name }
only-errors-that-come-afterwards-say-something-about-0933 = Only errors that come afterwards say something about the reload.
the-table-of-is-cleared-rows-without-a-070f = The table of { $mapping_object_name } is cleared: rows without a Salesforce id are gone for good, and rows may get other ids. Look at them first: SELECT count(*) FROM { $connection_schema_name }.TABLE WHERE sfid IS NULL.
reload-and-see-it-load-d31a = Reload { $mapping_object_name }, and see it load
none-the-table-is-cleared-first-it-can-5633 = None: the table is cleared first. It can be reloaded again.
the-table-is-cleared-and-loaded-from-salesforce-c18b = The table is cleared and loaded from Salesforce. An accepted reload is not a reload: it has to be seen.
wait-until-is-data-synced-803c = Wait until { $mapping_object_name } is DATA_SYNCED
it-can-be-reloaded-again-0f72 = It can be reloaded again.
until-then-its-table-is-not-whole-314d = Until then its table is not whole.
loads-the-tables-of-mappings-from-salesforce-again-5dbe = Loads the tables of mappings from Salesforce again. Each is cleared first; the command waits until it was seen to load and is DATA_SYNCED. What that asks of the Salesforce organisation is shown first and has to be approved. Rows without a Salesforce id are lost, and the ids of rows may change; each mapping is confirmed by its object's name.
reload-mappings-of-5b1b = Reload mappings of { $connection_name }

## runbooks/operations/connect-repoint.toml

connect-must-not-write-while-the-database-under-7889 = Connect must not write while the database under it is replaced.
the-database-that-the-config-var-means-attachment-0b5c = The database that the config var means: attachment, config var, add-on or APP::NAME
the-config-var-that-the-connection-is-to-ddcc = The config var that the connection is to use, for example HEROKU_POSTGRESQL_ROSE_URL
the-setting-is-changed-back-2cf7 = The setting is changed back.
the-connections-database-setting-names-another-config-va-341f = The connection's database setting names another config var from now on.
makes-the-connection-use-another-config-var-for-7f23 = Makes the connection use another config var for its database, while it is paused. The database behind it has to hold Connect's schema already: Connect will not fill an empty one.

## runbooks/operations/connect-resume.toml

what-has-collected-has-to-be-sent-and-18a6 = What has collected has to be sent, and only errors that come afterwards say something about the resumption.
pause-sync-on-again-3198 = Pause sync on { $connection_name } again
sync-is-paused-again-what-was-synced-until-1c01 = Sync is paused again; what was synced until then stays synced.
connect-goes-on-where-it-stopped-in-both-09fd = Connect goes on where it stopped, in both directions.
wait-until-is-idle-each-mapping-data-synced-8764 = Wait until { $connection_name } is IDLE, each mapping DATA_SYNCED and what had collected is sent
resumes-sync-and-waits-until-the-connection-is-9b42 = Resumes sync and waits until the connection is IDLE, each mapping DATA_SYNCED and what had collected is sent, without new write errors: an accepted resume is not a sync that works.

## runbooks/operations/connect-state.toml

a-connection-that-is-broken-does-not-sync-58db = A connection that is broken does not sync.
looks-whether-the-connection-and-its-mappings-are-b525 = Looks whether the connection and its mappings are healthy. Changes nothing; exit 11 says what is in the way.

## runbooks/operations/connect-validate.toml

have-connect-diagnose-and-its-mappings-c28e = Have Connect diagnose { $connection_name } and its mappings
connect-knows-what-it-could-not-do-well-dd96 = Connect knows what it could not do well before it stops doing it: missing fields, old API versions, too many mappings.
has-connect-diagnose-the-connection-and-its-mappings-b797 = Has Connect diagnose the connection and its mappings, as `heroku connect:diagnose` does, and waits for the result. Changes nothing. Exit 0 means that no check has failed with an error (warnings are listed), exit 15 that some have; with --json the event of kind `settled` has the whole diagnosis.

## runbooks/operations/postgres-copy.toml

a-copy-erases-its-target-first-92aa = A copy erases its target first.
the-database-that-is-copied-attachment-config-var-d2bc = The database that is copied: attachment, config var, add-on or APP::NAME
the-database-that-is-overwritten-attachment-config-var-82d2 = The database that is overwritten: attachment, config var, add-on or APP::NAME; it has to be empty
look-at-a71f = Look at { $inputs_source }
its-size-says-how-long-the-copy-takes-60f1 = Its size says how long the copy takes: about 3 minutes for each gigabyte; from 10 GB on a copy is not the way.
check-that-is-empty-5f06 = Check that { $inputs_target } is empty
check-that-is-available-and-writable-2a2f = Check that { $inputs_target } is available and writable
nothing-can-be-copied-into-a-follower-or-24f5 = Nothing can be copied into a follower, or into a database that Heroku still prepares.
whatever-is-in-is-erased-and-overwritten-033d = Whatever is in { $inputs_target } is erased and overwritten.
none-for-is-only-read-a-copy-that-8b84 = None for { $inputs_target }; { $inputs_source } is only read. A copy that runs is stopped with `heroku pg:backups:cancel`.
copies-a-database-into-another-one-which-has-7014 = Copies a database into another one, which has to be empty and is confirmed by its own name, and follows the copy to its end: finished, succeeded, 0 warnings, and as many tables. It silences nobody: what is written meanwhile is not in the copy, and only the data that the default credential sees is copied. `hcops postgres compare SOURCE TARGET` says whether it is exact.

## runbooks/operations/postgres-follow.toml

a-follower-is-a-copy-that-stays-up-d28c = A follower is a copy that stays up to date by itself.
creates-a-follower-of-the-connections-database-and-f954 = Creates a follower of the connection's database and waits until Heroku has made it. Its name is chosen beforehand, so that an interrupted creation is found again instead of repeated.

## runbooks/operations/postgres-info.toml

show-5d1f = Show { $inputs_database }
what-is-planned-for-a-database-and-how-1fd6 = What is planned for a database, and how far a follower is behind, decides what can be done with it now.
shows-what-heroku-tells-about-a-database-plan-85dc = Shows what Heroku tells about a database: plan, version, size, what it follows and how far it is behind, followers, how far it can be rolled back, a planned upgrade, maintenance. Changes nothing; with --json the event of kind `settled` has all of it by name.

## runbooks/operations/postgres-promote.toml

promotion-does-not-end-the-following-an-app-c6db = Promotion does not end the following: an app that is switched to a read-only database fails.
the-database-attachment-config-var-add-on-or-b67c = The database: attachment, config var, add-on or APP::NAME
database-url-then-means-this-database-1956 = DATABASE_URL then means this database.
makes-a-database-the-database-of-the-app-00d0 = Makes a database the DATABASE of the app. It moves no other attachment, pauses nothing and checks no copy: that is what the procedures are for.

## runbooks/operations/postgres-unfollow.toml

another-database-than-a-follower-of-is-not-f4a0 = Another database than a follower of { $database_name } is not meant.
check-that-is-a-follower-of-8055 = Check that { $inputs_database } is a follower of { $database_name }
wait-until-has-nearly-caught-up-with-8924 = Wait until { $inputs_database } has nearly caught up with { $database_name }
what-it-has-not-replayed-when-it-ceases-53e7 = What it has not replayed when it ceases to follow, it never gets.
ceases-to-follow-and-never-will-again-52bc = { $inputs_database } ceases to follow { $database_name } and never will again.
end-the-following-of-5c41 = End the following of { $inputs_database }
none-for-the-follower-is-untouched-948b = None for the follower; { $database_name } is untouched.
only-a-database-that-follows-nothing-can-be-4f7d = Only a database that follows nothing can be written to; promotion does not end a following.
ends-the-following-of-a-follower-of-the-6abb = Ends the following of a follower of the connection's database, and waits until it can be written to. It becomes a database of its own, on its leader's version, and never follows again; the leader is not touched. What its leader has and it has not replayed yet is lost to it: it has to have caught up.

## runbooks/operations/postgres-upgrade.toml

the-same-upgrade-request-means-something-else-for-9e6d = The same upgrade request means something else for a leader: it would upgrade that and its followers, without a way back.
the-same-upgrade-request-means-something-else-for-b1ca = The same upgrade request means something else for a leader: it would upgrade that and its followers.
upgrade-to-postgres-a271 = Upgrade { $inputs_database } to Postgres { $inputs_to }
the-follower-stops-following-becomes-writable-and-is-5870 = The follower stops following, becomes writable and is upgraded. { $database_name } stays as it is.
upgrades-a-follower-of-the-connections-database-to-23da = Upgrades a follower of the connection's database to another major version: it stops following and is upgraded. The leader is not touched.
upgrade-the-follower-of-to-postgres-28c4 = Upgrade the follower { $inputs_database } of { $database_name } to Postgres { $inputs_to }

## runbooks/operations/postgres-wait.toml

what-is-accepted-is-not-yet-done-heroku-e7cb = What is accepted is not yet done: Heroku prepares databases for minutes to hours.
waits-until-a-database-is-available-and-follows-1b6d = Waits until a database is available and follows nothing. Changes nothing.

## runbooks/plan-change-follower.toml

connect-must-not-write-while-the-database-under-0969 = Connect must not write while the database under it is replaced: it writes to one database only, and what it wrote to the old one would be missing in the new one.
what-is-missing-when-the-following-ends-is-1e78 = What is missing when the following ends is missing for good.
a-database-that-somebody-else-has-unfollowed-misses-de79 = A database that somebody else has unfollowed misses what was written since.
what-is-missing-when-the-following-ends-is-0207 = What is missing when the following ends is missing for good. By the log's own bytes the follower must lack nothing, whatever Heroku shows.
promotion-does-not-end-the-following-an-app-0ba1 = Promotion does not end the following: an app or a connection that is switched to a read-only database fails.
a-second-database-until-one-of-the-two-bfcd = a second database until one of the two is removed; followers are made anew by hand
about-15-minutes-and-the-comparison-not-recommended-7a9f = about 15 minutes, and the comparison; not recommended, because the method upgrade needs under one
the-old-database-stays-intact-until-the-first-8fef = the old database stays intact until the first write on the new one
check-that-can-be-followed-6e23 = Check that { $database_name } can be followed
essential-databases-have-no-followers-a-follower-cannot-dbc4 = Essential databases have no followers, a follower cannot be followed, and a database is only followed while its Fork/Follow is Available.
check-that-fits-and-that-its-tier-can-15b8 = Check that { $database_name } fits { $inputs_plan } and that its tier can reach it
heroku-refuses-a-follower-on-a-plan-that-135b = Heroku refuses a follower on a plan that is too small. The plan that fits is named, and both prices are shown.
web-requests-must-not-write-while-the-follower-7abe = Web requests must not write while the follower catches up and stops following. Maintenance mode stops web traffic only.
the-new-database-is-destroyed-and-everything-goes-badd = The new database is destroyed, and everything goes on with { $database_name }, which is untouched.
promotion-does-not-end-it-a-promoted-follower-9630 = Promotion does not end it: a promoted follower stays read-only, and the official client only warns. It is seen that it follows nothing, not believed.
only-a-database-that-follows-nothing-can-be-ef05 = Only a database that follows nothing can be written, and its server needs a moment to become a leader.
statistics-do-no-harm-the-new-database-can-9d0e = Statistics do no harm; the new database can be destroyed.
a-follower-has-its-leaders-statistics-a-table-bab1 = A follower has its leader's statistics; a table without any would be slow from the first query on.
the-new-database-is-destroyed-with-its-attachments-3605 = The new database is destroyed with its attachments, and everything goes on with { $database_name }.
a-promoted-database-that-still-follows-is-no-8f9b = A promoted database that still follows is no success: apps and sync are about to write to it.
not-recommended-addons-upgrade-the-method-upgrade-does-053f = Not recommended: `addons:upgrade` (the method upgrade) does the same with under a minute off and no Connect step, keeps the add-on with its name and address, and re-points followers by itself. This method is for when the moment of the changeover has to be chosen, or the old database has to stay as a way back: it is a version upgrade without the upgrade. A follower on the new plan is created, the apps and the connection are silent, the following is ended, and they are switched to it. Followers of the old database have to be made anew by hand; the end of the run lists them. What the silence and the lag of 0 are for, the comparison of both databases proves before the switch (`--compare`). Writes are off for about a quarter of an hour, and for as long as the comparison takes. Until the switch the old database is untouched and `hcops abort` leads back; it is kept at the end.
change-from-to-through-a-follower-not-recommended-72b7 = Change { $database_name } from { $database_plan } to { $inputs_plan } through a follower (not recommended)

## runbooks/plan-change-upgrade.toml

a-connection-that-is-broken-before-cannot-show-975c = A connection that is broken before cannot show afterwards that the changeover left it whole.
the-plan-that-is-changed-has-to-be-cb3f = The plan that is changed has to be that of the connection's database.
the-new-plans-price-from-the-changeover-on-f9a0 = the new plan's price from the changeover on
under-a-minute-sync-needs-no-step-0329 = under a minute; sync needs no step
another-plan-change-it-takes-the-same-time-9470 = another plan change; it takes the same time again
a-plan-that-is-too-small-is-refused-3756 = A plan that is too small is refused, and an Essential database cannot leave its tier this way. Both prices are shown.
check-that-no-maintenance-of-falls-into-the-5764 = Check that no maintenance of { $database_name } falls into the next hour
a-maintenance-is-a-changeover-too-the-two-6944 = A maintenance is a changeover too; the two should not meet.
a-connection-that-is-broken-before-cannot-show-8782 = A connection that is broken before cannot show afterwards that sync is whole.
only-errors-that-come-afterwards-say-something-about-ff8e = Only errors that come afterwards say something about the changeover.
the-changeover-cannot-be-undone-only-another-plan-add6 = The changeover cannot be undone; only another plan change leads back, and it costs the same time again.
change-the-plan-of-to-af77 = Change the plan of { $database_name } to { $inputs_plan }
another-plan-change-back-to-1902 = Another plan change, back to { $database_plan }.
apps-and-sync-stay-up-while-heroku-prepares-0454 = Apps and sync stay up while Heroku prepares the replacement; the changeover takes under a minute. Nobody has to stay attached meanwhile.
check-that-is-available-and-can-be-written-5fa1 = Check that { $database_name } is available and can be written to
apps-and-sync-use-it-without-having-been-1946 = Apps and sync use it without having been told.
check-that-still-uses-through-e3b4 = Check that { $connection_name } still uses { $database_name } through { $connection_db_key }
attachments-keep-their-names-at-a-plan-change-92d1 = Attachments keep their names at a plan change; that they did is seen, not believed.
to-connect-the-changeover-looks-like-a-failover-c207 = To Connect the changeover looks like a failover; that it came through is seen, not believed.
to-connect-addons-upgrade-looks-exactly-like-a-0bf9 = To Connect `addons:upgrade` looks exactly like a failover of high availability, so it needs no Connect step: sync is neither paused nor resumed. Heroku prepares a replacement, which may take hours with everything live, and changes over to it in under a minute; followers are re-pointed by Heroku. It works on the Standard tier and up, and within the Essential tier; from Essential to another tier only a copy leads. A follower changeover also works but is not recommended: it needs the silence and the pause of a version upgrade, and followers have to be made anew. You go back by another plan change, not by undoing.
change-from-to-2bdc = Change { $database_name } from { $database_plan } to { $inputs_plan }

## runbooks/rollback-recovery-reload.toml

what-an-app-still-wrote-to-the-old-29a5 = What an app still wrote to the old database would be missing in the new one, and what it wrote to a table that is being cleared would be lost. Release phases may run: the switch itself starts them.
connect-must-not-write-while-the-database-under-6104 = Connect must not write while the database under it is replaced and its tables are loaded: only so a written table proves its reload.
a-change-that-has-not-reached-salesforce-is-1f3e = A change that has not reached Salesforce is not in a database of the past, and the reload brings only what Salesforce has.
what-is-still-written-to-the-old-database-26f5 = What is still written to the old database, from wherever, is lost with it, and was in nobody's sight when the losses were acknowledged.
what-shows-the-losses-counts-looks-into-the-05e4 = What shows the losses: counts looks into the databases for what is lost and counts rows before and after the reloads; none makes no connection to them: no check of silence, losses, rows, backlog or statistics by SQL
when-the-apps-come-back-resumed-as-soon-bf9a = When the apps come back: resumed, as soon as sync has left PAUSED, as Heroku's documentation has it, and every table is loaded again; synced, when the signs of a sync that works were seen as well
the-moment-to-go-back-to-in-utc-5a71 = The moment to go back to, in UTC, for example 2026-11-22T01:30:00Z; of an existing database the one that it was made for
name-of-the-rollback-databases-add-on-chosen-866b = Name of the rollback database's add-on, chosen before it is created; or the existing one: attachment, config var, add-on or APP::NAME
objects-to-reload-first-in-this-order-the-03fd = Objects to reload first, in this order; the others follow
plan-of-the-rollback-database-for-example-standard-8c7d = Plan of the rollback database, for example standard-0
create-the-rollback-database-at-moment-or-take-e5f9 = Create the rollback database at --moment, or take an existing one that is named by --new-name
check-that-can-be-brought-back-as-it-c62c = Check that { $database_name } can be brought back as it was at { $inputs_moment }
heroku-keeps-4-days-on-standard-plans-and-9bd7 = Heroku keeps 4 days on Standard plans and 7 on the larger ones; Essential has no rollback.
check-that-was-made-from-and-is-not-8c9a = Check that { $inputs_new_name } was made from { $database_name }, and is not in use yet
another-database-would-lose-everything-and-where-it-99d0 = Another database would lose everything; and where it is promoted already, the switch can't be prepared or taken back any more.
it-is-about-to-become-the-database-of-1db3 = It is about to become the database of the apps and of the connection.
what-is-lost-and-that-nothing-writes-any-ecc2 = What is lost, and that nothing writes any more, is seen in the databases themselves.
attest-that-is-the-wanted-rollback-07ce = Attest that { $inputs_new_name } is the wanted rollback
heroku-does-not-show-to-which-moment-a-9809 = Heroku does not show to which moment a database was rolled back.
was-made-by-a-rollback-of-to-and-ab31 = { $inputs_new_name } was made by a rollback of { $database_name } to { $inputs_moment }, and nobody has written to it since.
note-the-rows-of-each-mappings-table-before-2936 = Note the rows of each mapping's table before
afterwards-they-show-what-the-way-to-the-9a59 = Afterwards they show what the way to the past and the reload have changed.
show-what-reloading-every-mapping-of-asks-of-a9e7 = Show what reloading every mapping of { $connection_name } asks of Salesforce
a-reload-reads-every-record-where-the-organisation-212f = A reload reads every record. Where the organisation runs out of API calls it stops half-way, with writes off.
accept-that-stays-silent-until-its-credential-exists-41b7 = Accept that { $attachment_app } stays silent until its credential exists on { $inputs_new_name }
a-rollback-makes-a-new-database-with-the-c184 = A rollback makes a new database with the default credential only. Turned on, { $attachment_app } would go on writing to the old database.
uses-the-credential-which-a-database-that-was-a515 = { $attachment_app } uses the credential { $attachment_credential } ({ $attachment_name }), which a database that was rolled back does not have. { $attachment_app } stays in maintenance mode and scaled down until somebody has created it on { $inputs_new_name } and moved the attachment: `heroku pg:credentials:create { $inputs_new_name } --name { $attachment_credential } -a { $database_owner_app }`.
attest-that-what-is-lost-beside-connect-was-fb8c = Attest that what is lost beside Connect was looked at
the-trigger-log-knows-mapped-tables-only-the-d3e3 = The trigger log knows mapped tables only. The old database is kept, so that the rest can be saved later too.
changes-after-in-tables-that-connect-does-not-f7c7 = Changes after { $inputs_moment }, in tables that Connect does not map, are given up or saved from { $database_name }; so are those that still come before the downtime begins.
readers-of-know-that-another-database-with-other-f052 = Readers of { $database_name } know that another database, with other credentials, takes its place.
web-requests-must-not-write-while-the-database-fa14 = Web requests must not write while the database is replaced and its tables are loaded. Maintenance mode stops web traffic only.
create-as-it-was-at-7120 = Create { $inputs_new_name }: { $database_name } as it was at { $inputs_moment }
destroy-the-rollback-database-b216 = Destroy the rollback database { $inputs_new_name }
the-rollback-database-is-destroyed-and-everything-goes-ed9c = The rollback database is destroyed, and everything goes on with { $database_name }, which never notices it.
what-is-written-from-now-on-would-be-32ad = What is written from now on would be given up with everything else after the moment, so writes are off already; to prepare a large database with writes on, make it by hand and take it with --take existing. A rollback is a new database. Its name is chosen beforehand, so that an interrupted creation is found again instead of repeated.
they-are-not-in-a-database-of-the-8b20 = They are not in a database of the past, and the reload brings only what Salesforce has. They are kept as evidence, and somebody has to acknowledge them.
they-are-not-in-the-rollback-database-what-b17b = They are not in the rollback database; what they would have written is only in the trigger log of { $database_name }, which is kept.
the-rollback-database-is-destroyed-and-everything-goes-52fc = The rollback database is destroyed, and everything goes on with { $database_name }, which is untouched.
a-new-database-can-be-busy-for-a-c070 = A new database can be busy for a while after it was restored; and only a database that follows nothing can be written.
show-by-sql-what-is-lost-with-and-6b28 = Show by SQL what is lost with { $inputs_new_name }, and have it acknowledged
changes-that-only-has-captured-and-rows-that-f4d6 = Changes that only { $database_name } has captured, and rows that Salesforce never had, which the reload clears: counted by table, with their ids in the run's evidence. It also shows whether the database is a past of { $database_name } at all.
mark-in-what-has-sent-to-salesforce-since-c729 = Mark in { $inputs_new_name } what { $database_name } has sent to Salesforce since
the-rollback-database-is-destroyed-in-an-existing-6218 = The rollback database is destroyed. In an existing one (--take existing) the marks stay.
the-trigger-log-of-a-database-of-the-d5e1 = The trigger log of a database of the past shows changes as open that Salesforce has long had. Connect would send them once more when sync resumes, and make new records a second time. Marked IGNORE they are archived without being sent; their values come back with the reload.
attest-that-what-is-lost-was-looked-at-dfdf = Attest that what is lost was looked at by hand
without-a-connection-to-the-databases-hcops-has-b455 = Without a connection to the databases hcops has no look into these rows. The old database is kept, so that they can be saved later too; the tables of the new one are cleared.
changes-after-that-had-not-reached-salesforce-were-f929 = Changes after { $inputs_moment } that had not reached Salesforce were looked at, and saved where they matter: SELECT * FROM { $connection_schema_name }._trigger_log WHERE created_at > '{ $inputs_moment }' AND state IN ('NEW', 'PENDING', 'FAILED') on { $database_name }.
changes-that-has-sent-since-cant-be-sent-32ab = Changes that { $database_name } has sent since { $inputs_moment } can't be sent once more: each row of { $connection_schema_name }._trigger_log in { $inputs_new_name } with state NEW, PENDING or REQUEUE whose id is no longer in one of these states on { $database_name } was set to IGNORE (UPDATE { $connection_schema_name }._trigger_log SET state = 'IGNORE' WHERE id IN (…)).
rows-without-a-salesforce-id-were-looked-at-2c9b = Rows without a Salesforce id were looked at, and saved where they matter: SELECT count(*) FROM { $connection_schema_name }.TABLE WHERE sfid IS NULL for each mapped table of { $inputs_new_name }; a reload clears them.
statistics-do-no-harm-the-rollback-database-can-9905 = Statistics do no harm; the rollback database can be destroyed.
the-first-queries-of-an-app-that-goes-7802 = The first queries of an app that goes live without statistics can take the database down.
count-the-rows-of-each-mapped-table-of-a104 = Count the rows of each mapped table of { $inputs_new_name }
beside-them-the-rows-after-the-reloads-show-5faf = Beside them the rows after the reloads show what the way to the past and back has changed.
the-rollback-database-is-destroyed-with-its-attachments-f786 = The rollback database is destroyed with its attachments, and everything goes on with { $database_name }.
the-apps-and-the-connection-leave-everything-that-7a4f = The apps and the connection leave everything that was written to { $database_name } after { $inputs_moment }. Every mapped table is cleared next and loaded from Salesforce: rows that Salesforce never had are gone from the new database.
reload-and-wait-until-it-is-data-synced-e122 = Reload { $mapping_object_name }, and wait until it is DATA_SYNCED
connects-marks-of-how-far-it-has-come-beaf = Connect's marks of how far it has come do not fit a database of the past. The table is cleared and loaded from Salesforce. Whether Connect does so while it is paused is not documented: what has not begun after ten minutes follows right after sync is resumed.
only-what-comes-afterwards-says-something-about-the-b9a8 = Only what comes afterwards says something about the new database: write errors and notifications.
reload-now-where-connect-did-not-while-it-260d = Reload { $mapping_object_name } now, where Connect did not while it was paused
until-its-table-is-loaded-again-the-apps-075e = Until its table is loaded again the apps would work with rows of the past. Where it was loaded before sync resumed, nothing is done.
note-the-rows-of-each-mappings-table-beside-ad25 = Note the rows of each mapping's table beside those of before
fewer-rows-than-salesforce-has-mean-a-load-c303 = Fewer rows than Salesforce has mean a load that is not whole.
count-the-rows-of-each-mapped-table-of-fa6a = Count the rows of each mapped table of { $inputs_new_name } beside those of before
connects-own-numbers-are-estimates-these-are-counted-7f2a = Connect's own numbers are estimates; these are counted.
a-rollback-never-touches-the-database-itself-it-2710 = A rollback never touches the database itself: it makes a new one as the old one was at a moment, with credentials of its own. The apps and the connection are switched to it. Connect keeps marks of how far it has come, which a database of the past does not fit: so every mapping is loaded again from Salesforce while the connection is still paused, which clears its table first. Writes go off before the rollback database is made: what would be written meanwhile would be given up too. Until the switch the present database is untouched and `hcops abort` leads back; it is kept at the end, with everything that was written after the moment. What is lost is shown by SQL before the switch, with the ids of the rows, and somebody has to acknowledge it; `--compare none` does without any look into the databases, and then somebody has to look by hand.
put-back-by-and-reload-every-mapping-of-d152 = Put { $database_name } back by { $inputs_new_name }, and reload every mapping of { $connection_name }

## runbooks/sync-pause-pause.toml

why-sync-is-paused-for-everybody-who-finds-95ef = Why sync is paused, for everybody who finds it so
wait-until-is-idle-and-loads-no-table-f5c1 = Wait until { $connection_name } is IDLE and loads no table
a-connection-can-be-paused-only-in-idle-2280 = A connection can be paused only in IDLE, and no reload or import may run. When it stays long in POLLING_DB_CHANGES its log says why.
note-the-pending-writes-the-trigger-log-and-1c7f = Note the pending writes, the trigger log and the write errors of { $connection_name }
afterwards-these-numbers-tell-what-the-pause-has-4b96 = Afterwards these numbers tell what the pause has collected, and which errors were there before.
reason-changes-keep-collecting-in-the-trigger-log-206d = Reason: { $inputs_reason }. Changes keep collecting in the trigger log and in Salesforce.
check-that-is-paused-b4e1 = Check that { $connection_name } is PAUSED
sync-is-resumed-at-any-time-with-hcops-4f8e = Sync is resumed at any time with `hcops run sync-resume`.
an-accepted-pause-is-not-yet-a-pause-b605 = An accepted pause is not yet a pause.
connect-finishes-the-work-under-way-and-then-1fc4 = Connect finishes the work under way and then neither polls Salesforce nor writes to it. Nothing is lost: changes in Postgres keep collecting in the trigger log, changes in Salesforce are polled after the resumption, also for mappings that normally use the Streaming API. The backlog grows for as long as the pause lasts, and the archive of the trigger log is kept for about 30 days (7 on the demo plan).  Who paused, when and why is in the run's journal: `hcops status` and `hcops doctor` on this machine say it for as long as the connection is paused. Everybody else sees only PAUSED in the dashboard, so tell them. `hcops run sync-resume` resumes.
pause-sync-on-f3ef = Pause sync on { $connection_name }: { $inputs_reason }

## runbooks/sync-resume-resume.toml

what-has-collected-would-be-synced-with-another-7ca5 = What has collected would be synced with another database.
a-connection-that-resumes-on-a-database-that-6498 = A connection that resumes on a database that can't be written to, such as a promoted follower, ends in an error.
promotion-does-not-end-the-following-on-a-4ea8 = Promotion does not end the following: on a read-only database sync ends in an error.
connect-goes-on-where-it-stopped-entries-of-110e = Connect goes on where it stopped: entries of the trigger log are pushed to Salesforce, and changes in Salesforce come in by polling, also for mappings that normally use the Streaming API. The run ends when the connection is IDLE, each mapping DATA_SYNCED and what had collected is sent: by Connect's numbers, and where the database can be reached from here by the trigger log itself, in which nothing that was captured before may be open any more. An accepted request ends nothing. While the backlog goes out, short flip-flops of values and revived deletes are normal.

## runbooks/version-upgrade-copy.toml

a-second-database-until-one-of-the-two-ecb9 = a second database until one of the two is removed
about-3-minutes-for-each-gigabyte-and-the-20d2 = about 3 minutes for each gigabyte, and the comparison; under 10 GB only
check-that-can-be-copied-into-a-database-84c1 = Check that { $database_name } can be copied into a database of plan { $inputs_plan } on Postgres { $inputs_to }
a-maintenance-replaces-the-database-in-the-middle-20f1 = A maintenance replaces the database in the middle of the procedure. On Essential it comes without notice.
create-empty-on-plan-and-postgres-bbd0 = Create { $inputs_new_name }, empty, on plan { $inputs_plan } and Postgres { $inputs_to }
the-database-is-copied-into-a-new-one-0590 = The database is copied into a new one of the wanted version, and the apps and the connection are switched to that. For databases below 10 GB, not on Shield; an Essential database can also be upgraded in place, and one of a higher tier through a follower, with less time off. Followers stay with the old database and are made anew. A copy holds what was there when it began: that nothing was written since is seen in the old database itself, and both are compared before the switch (`--compare`). Writes are off for the whole copy, about three minutes for each gigabyte, and for as long as the comparison takes. Until the switch the old database is only read and `hcops abort` leads back; it is kept at the end. Where the connection does not come back on the new database, it is made anew with connection-recreate.
upgrade-from-postgres-to-by-a-copy-1a8e = Upgrade { $database_name } from Postgres { $database_version } to { $inputs_to } by a copy

## runbooks/version-upgrade-follower.toml

the-upgrade-ends-the-following-commits-that-are-c6e0 = The upgrade ends the following. Commits that are missing then are missing for good.
the-upgrade-ends-the-following-by-the-logs-cd48 = The upgrade ends the following. By the log's own bytes the follower must lack nothing, whatever Heroku shows.
about-30-minutes-776e = about 30 minutes
check-that-can-be-followed-and-upgraded-to-924b = Check that { $database_name } can be followed and upgraded to { $inputs_to }
web-requests-must-not-write-while-the-follower-747d = Web requests must not write while the follower catches up and is upgraded. Maintenance mode stops web traffic only.
the-upgraded-copy-is-destroyed-and-everything-goes-a838 = The upgraded copy is destroyed, and everything goes on with { $database_name }, which is untouched.
the-follower-stops-following-becomes-writable-and-is-7f60 = The follower stops following, becomes writable and is upgraded. { $database_name } stays as it is, on Postgres { $database_version }.
heroku-finishes-an-upgrade-before-the-database-is-33e0 = Heroku finishes an upgrade before the database is ready; and only a database that follows nothing can be written.
statistics-do-no-harm-the-upgraded-copy-can-80e3 = Statistics do no harm; the upgraded copy can be destroyed.
an-upgrade-may-leave-no-statistics-and-the-2905 = An upgrade may leave no statistics, and the first queries of an app that goes live without them can take the database down.
nothing-is-changed-the-upgraded-copy-can-be-2f00 = Nothing is changed; the upgraded copy can be destroyed.
a-follower-of-the-database-is-created-and-5565 = A follower of the database is created and upgraded while the apps and the connection are silent; then the apps and the connection are switched to it. Heroku Connect will not fill an empty database, so the new one has to be an exact copy: that is what the silence, and the lag of 0 seen twice, are for, and what the comparison of both databases proves before the switch (`--compare`). Writes are off for about half an hour, and for as long as the comparison takes. Until the switch the old database is untouched and `hcops abort` leads back; the old database is kept at the end.
upgrade-from-postgres-to-through-a-follower-cd03 = Upgrade { $database_name } from Postgres { $database_version } to { $inputs_to } through a follower

## runbooks/version-upgrade-in-place.toml

an-app-that-writes-during-the-upgrade-fails-7d28 = An app that writes during the upgrade fails or is cut off in the middle of a transaction.
a-connection-that-resumes-on-another-database-would-2cf6 = A connection that resumes on another database would sync with data that nobody uses.
connect-must-not-write-while-the-database-under-d2ab = Connect must not write while the database under it is upgraded.
whatever-still-writes-from-wherever-it-is-connected-cffc = Whatever still writes, from wherever it is connected, is cut off in the middle, and the rows before and after can't be compared.
a-connection-that-resumes-on-a-database-that-4af8 = A connection that resumes on a database that can't be written to ends in an error.
heroku-refuses-to-run-what-is-not-prepared-fe39 = Heroku refuses to run what is not prepared, and apps and sync would be silent for nothing.
what-proves-that-nothing-was-lost-counts-compares-e0c7 = What proves that nothing was lost: counts compares the tables and their number of rows before and after; none makes no connection to the database: no check of silence, rows, backlog or statistics by SQL
whether-the-upgrade-is-tried-on-a-throwaway-f271 = Whether the upgrade is tried on a throwaway follower before; an Essential database cannot be tried
about-5-to-10-minutes-0c5a = about 5 to 10 minutes
none-but-a-rollback-or-a-backup-the-25ea = none but a rollback or a backup: the only copy is upgraded
check-that-can-be-upgraded-to-in-place-bd98 = Check that { $database_name } can be upgraded to { $inputs_to } in place
one-request-has-three-meanings-for-a-follower-a8bc = One request has three meanings: for a follower it would end the following. An upgrade that is scheduled already belongs to somebody.
check-that-no-maintenance-of-falls-into-the-5855 = Check that no maintenance of { $database_name } falls into the next two hours
a-maintenance-replaces-the-database-in-the-middle-dfc6 = A maintenance replaces the database in the middle of the procedure, and runs what is scheduled.
the-connection-that-is-paused-has-to-be-57fe = The connection that is paused has to be the one of the database that is upgraded.
check-that-no-announced-heroku-maintenance-falls-into-7b05 = Check that no announced Heroku maintenance falls into the next two hours
that-nothing-writes-and-that-nothing-is-missing-3983 = That nothing writes and that nothing is missing afterwards is seen in the database itself.
try-the-upgrade-of-to-on-a-throwaway-59df = Try the upgrade of { $database_name } to { $inputs_to } on a throwaway follower
wait-until-no-trial-of-is-under-way-a68b = Wait until no trial of { $database_name } is under way
nothing-is-changed-the-trial-ends-by-itself-ff94 = Nothing is changed; the trial ends by itself.
what-would-fail-fails-there-and-the-database-fca9 = What would fail fails there, and the database is not touched. Heroku sends the result by e-mail only.
read-the-result-of-the-trial-9e8e = Read the result of the trial
a-trial-that-failed-would-fail-on-the-adfd = A trial that failed would fail on the only copy too.
the-e-mail-says-that-the-trial-succeeded-cd49 = the e-mail says that the trial succeeded
what-does-herokus-e-mail-say-about-the-8b9a = What does Heroku's e-mail say about the trial of { $database_name } to Postgres { $inputs_to }?
heroku-said-1ff1 = Heroku said: { $steps_dry_run_said }
the-result-comes-by-e-mail-only-to-d1ac = The result comes by e-mail only, to the account that asked for the trial; about 6 minutes were reported once.
where-the-e-mail-names-a-problem-turn-b378 = Where the e-mail names a problem, turn back with `hcops abort`: what fails in the trial fails on the only copy too.
prepare-the-upgrade-of-to-which-also-schedules-1c24 = Prepare the upgrade of { $database_name } to { $inputs_to }, which also schedules it
cancel-the-scheduled-upgrade-of-9ade = Cancel the scheduled upgrade of { $database_name }
the-scheduled-upgrade-is-cancelled-4a98 = The scheduled upgrade is cancelled.
heroku-runs-only-what-is-prepared-apps-and-b17a = Heroku runs only what is prepared. Apps and sync stay up meanwhile; nobody has to stay attached.
say-when-heroku-runs-the-upgrade-of-by-dee3 = Say when Heroku runs the upgrade of { $database_name } by itself
from-here-on-the-upgrade-happens-with-or-2e8f = From here on the upgrade happens with or without this run: in the next maintenance window, with apps and sync live.
decide-whether-the-prepared-upgrade-is-run-cancelled-4896 = Decide whether the prepared upgrade is run, cancelled or left scheduled; followers that go with it: { $database_followers }
nothing-is-changed-hcops-abort-cancels-the-schedule-0f93 = Nothing is changed. `hcops abort` cancels the schedule.
a-prepared-upgrade-that-nobody-runs-or-cancels-b52e = A prepared upgrade that nobody runs or cancels is run by Heroku in its window, without pausing sync.
run-it-now-sync-is-paused-and-once-7a71 = run it now: sync is paused, and once you let the downtime begin writes are off for about 5 to 10 minutes
cancel-it-nothing-is-upgraded-3a40 = cancel it: nothing is upgraded
leave-it-scheduled-heroku-runs-it-in-the-8bac = leave it scheduled: Heroku runs it in the window, with apps and sync live, and this run ends
the-upgrade-of-to-postgres-is-prepared-and-4f23 = The upgrade of { $database_name } to Postgres { $inputs_to } is prepared and scheduled. How is it to go on?
the-upgrade-can-be-prepared-again-696f = The upgrade can be prepared again.
it-was-decided-not-to-upgrade-now-00b0 = It was decided not to upgrade now.
say-when-the-upgrade-that-is-left-to-8358 = Say when the upgrade that is left to Heroku runs
heroku-pg-upgrade-cancel-a-cancels-it-until-c8ff = `heroku pg:upgrade:cancel { $database_name } -a { $database_owner_app }` cancels it until it is under way.
sync-should-be-paused-and-the-apps-silent-192e = Sync should be paused and the apps silent then: Heroku does neither. `heroku pg:upgrade:cancel` works until it is under way.
nothing-is-changed-the-scheduled-upgrade-can-be-1017 = Nothing is changed; the scheduled upgrade can be cancelled.
a-day-may-have-passed-since-the-first-3a52 = A day may have passed since the first check, and once sync is paused nobody can see it any more.
a-day-may-have-passed-since-the-first-9eeb = A day may have passed since the first check, and sync is paused next: under maintenance it can be neither paused nor resumed.
what-is-open-when-sync-pauses-stays-in-5369 = What is open when sync pauses stays in the trigger log through the upgrade, and is sent afterwards.
connect-must-not-write-while-the-database-is-9493 = Connect must not write while the database is upgraded. Writes stay on until the downtime begins: changes keep collecting meanwhile, in the trigger log and in Salesforce.
hcops-sees-dynos-and-the-connection-not-what-aa35 = hcops sees dynos and the connection, not what connects from elsewhere. What they write would fail in the middle.
readers-of-followers-of-know-that-their-databases-5d30 = Readers of followers of { $database_name } know that their databases are upgraded with it, and are gone meanwhile.
a-backup-or-a-rollback-moment-of-is-aafb = A backup or a rollback moment of { $database_name } is there that you would go back to.
web-requests-must-not-write-while-the-database-aac9 = Web requests must not write while the database is upgraded. Maintenance mode stops web traffic only.
count-the-rows-of-every-table-of-fffa = Count the rows of every table of { $database_name }
there-is-only-one-database-what-it-holds-3ab3 = There is only one database: what it holds afterwards can only be compared with what it held before. The time is an estimate, two seconds for each of about { $database_gigabytes } GB.
note-what-consists-of-now-that-nobody-changes-ba18 = Note what { $database_name } consists of, now that nobody changes it
there-is-only-one-database-its-tables-indexes-1ab7 = There is only one database: its tables, indexes, triggers, functions and grants afterwards can only be compared with those of before.
the-only-copy-of-the-data-is-upgraded-3d9b = The only copy of the data is upgraded, with its followers ({ $database_followers }): nothing leads back to Postgres { $database_version } but a rollback to a moment before (Standard tier and up) or a backup, and either loses what is written from then on.
upgrade-to-postgres-in-place-d846 = Upgrade { $database_name } to Postgres { $inputs_to } in place
apps-and-sync-are-silent-followers-are-upgraded-5f1a = Apps and sync are silent. Followers are upgraded by the same request: { $database_followers }.
see-that-the-same-tables-of-hold-as-89eb = See that the same tables of { $database_name } hold as many rows as before
apps-and-sync-are-still-silent-a-table-9f5d = Apps and sync are still silent: a table that is missing or has other rows now was not written to by anybody.
see-that-consists-of-what-it-consisted-of-a082 = See that { $database_name } consists of what it consisted of before
every-index-trigger-policy-and-grant-has-to-b011 = Every index, trigger, policy and grant has to be there still. An upgrade can also bring another collation library: indexes on text that it makes wrong are named, with the way to build them again.
statistics-do-no-harm-b355 = Statistics do no harm.
note-how-and-its-database-are-before-sync-5166 = Note how { $connection_name } and its database are before sync resumes
only-what-comes-afterwards-says-something-about-the-6ff8 = Only what comes afterwards says something about the upgraded database: write errors, notifications, the trigger log, changes of Salesforce.
the-database-itself-is-upgraded-with-its-followers-4434 = The database itself is upgraded, with its followers, while the apps and the connection are silent. Add-on, address and the connection's settings stay as they are, and writes are off for about 5 to 10 minutes. It is the only copy that is upgraded: afterwards nothing leads back but a rollback (Standard tier and up) or a backup. On the Standard tier and up the upgrade is tried on a throwaway follower and prepared first, while everything runs; preparing also schedules it, so the run asks whether to run it now, to cancel it, or to leave it to Heroku's next maintenance window. An Essential database is upgraded at once.  There is no second database to compare with: what can be proved is that nothing wrote meanwhile, that the same tables hold as many rows as before, and that sync really resumed. `--compare none` does without any look into the database.  A forced upgrade, or one that Heroku runs in a window, does not pause Connect for you. Whether Heroku gathers the planner's statistics afterwards is not established: tables of which it knows nothing are analysed before the apps come back.
upgrade-from-postgres-to-in-place-1b3e = Upgrade { $database_name } from Postgres { $database_version } to { $inputs_to } in place

## crates/actions/src/acceptance.rs

heroku-accepted-the-request-but-its-effect-is-f1cb = Heroku accepted the request ("{ $said }"), but its effect is not visible yet

## crates/actions/src/app/dynos_current.rs

no-release-of-is-listed-b683 = no release of { $app } is listed
of-run-release-v-bb71 = { $running } of { $app } run release v{ $version }
dyno-8896 = { $count } dyno
dynos-dadf = { $count } dynos
of-still-run-an-older-release-than-v-100c = { $older } of { $app } still run an older release than v{ $version }, with the old database; `heroku ps:restart -a { $app }` replaces them at once
heroku-does-not-show-which-release-of-run-690e = Heroku does not show which release { $unknown } of { $app } run.
do-all-dynos-of-run-v-heroku-ps-ad50 = Do all dynos of { $app } run v{ $version }? (`heroku ps -a { $app }`; `heroku ps:restart -a { $app }`)
preboot-is-on-1c8f = preboot is on
whether-preboot-is-on-could-not-be-read-857d = whether preboot is on could not be read
for-dynos-of-the-release-before-v-may-c70b = { $why } for { $app }: dynos of the release before v{ $version } may live on for { $as_secs } s more, with the old database

## crates/actions/src/app/formation.rs

of-56f5 = { $quantity } of { $size }

## crates/actions/src/app/left_behind.rs

of-still-leads-to-if-were-turned-on-93fe = { $names } of { $app } still leads to { $old }: if { $app } were turned on, it would write to the old database, and that would be lost. It stays silent.
give-the-credential-with-its-rights-and-the-5c53 = Give { $new } the credential with its rights, and the attachment to { $new }: { $commands }. Then take the run up again.

## crates/actions/src/app/maintenance.rs

maintenance-mode-is-on-d2fe = maintenance mode is on
maintenance-mode-is-off-f28a = maintenance mode is off
turn-maintenance-mode-of-on-its-visitors-see-70fc = turn maintenance mode of { $app } on: its visitors see a maintenance page
turn-maintenance-mode-of-off-its-visitors-reach-221a = turn maintenance mode of { $app } off: its visitors reach the app again

## crates/actions/src/app/release_succeeded.rs

has-no-attachment-yet-3f43 = { $app } has no attachment { $attachment } yet
stays-with-2987 = { $attachment } stays with { $name }
of-leads-to-not-to-9718 = { $attachment } of { $app } leads to { $name }, not to { $database }.
somebody-has-moved-it-since-this-run-did-7a4a = Somebody has moved it since this run did. Find out why (`heroku releases -a { $app }`), then `heroku addons:attach { $database } --as { $attachment } -a { $app } --confirm { $app }`.
release-v-succeeded-65a0 = release v{ $version } succeeded
release-v-of-is-pending-heroku-releases-output-c9b3 = release v{ $version } of { $app } is pending; `heroku releases:output v{ $version } -a { $app }` shows it
release-v-the-later-v-succeeded-b32f = release v{ $version } { $status }, the later v{ $version_2 } succeeded
release-v-of-has-the-status-which-hcops-3be3 = Release v{ $version } of { $app } has the status "{ $status }", which hcops does not know.
has-release-v-of-ended-well-heroku-releases-0cba = Has release v{ $version } of { $app } ended well? (`heroku releases:info v{ $version } -a { $app }`)
leads-to-but-the-apps-dynos-still-run-57ee = { $variable } leads to { $name }, but the app's dynos still run the release before
the-app-must-not-run-like-that-6019 = { $wrong }: the app must not run like that
the-release-phase-of-v-of-did-not-bb43 = The release phase of v{ $version } of { $app } did not succeed (status { $status }). { $meaning }.
read-its-output-heroku-releases-output-v-a-ceba = Read its output (`heroku releases:output v{ $version } -a { $app }`) and mend the cause. { $put_right } Where the variable leads to { $name } already, a deploy that succeeds settles this step too.
no-release-of-that-attaches-is-listed-yet-1bea = no release of { $app } that attaches { $attachment } is listed yet
no-release-is-listed-has-no-release-phase-432c = no release is listed; { $app } has no release phase and { $attachment } leads to { $database }

## crates/actions/src/app/restore_formation.rs

the-formation-was-as-before-already-c602 = the formation was as before already
scaled-back-3bac = { $updates } scaled back
process-type-8a93 = { $count } process type
process-types-d916 = { $count } process types
has-no-such-process-type-any-more-everything-e53b = { $app } has no such process type any more: { $names }. Everything else is as before.
a-deploy-has-renamed-or-removed-it-heroku-ecbb = A deploy has renamed or removed it (`heroku releases -a { $app }`). If another type does its work, scale that one (`heroku ps:scale TYPE=QUANTITY -a { $app }`), then skip this step with that reason.
scale-of-from-to-507d = scale { $name } of { $app } from { $amount } to { $amount_2 }

## crates/actions/src/app/scale_down.rs

everything-but-web-was-at-0-already-2b2c = everything but web was at 0 already
scaled-to-0-83ef = scaled to 0: { $names }
scale-of-from-to-0-b834 = scale { $name } of { $app } from { $quantity } to 0
waiting-for-dynos-of-to-stop-6b54 = waiting for dynos of { $app } to stop: { $names }
one-off-dynos-end-by-themselves-or-with-fa03 = { $waiting }; one-off dynos end by themselves or with `{ $commands }`

## crates/actions/src/app/silent.rs

since-the-plan-was-made-nobody-has-silenced-7413 = { $strangers } since the plan was made: nobody has silenced what it serves.
not-every-app-is-silent-dd9c = Not every app is silent: { $noises }.
was-attached-to-as-9b44 = { $database } was attached to { $name } as { $name_2 }
an-app-that-this-plan-does-not-know-2194 = An app that this plan does not know could write to { $database } to the end, and what it writes would be missing. See whose it is (`heroku addons:info { $database }`) and detach it (`heroku addons:detach NAME -a APP`), or turn back (`hcops abort`) and plan anew.
maintenance-mode-of-is-off-8f3a = maintenance mode of { $app } is off
is-scaled-to-30f5 = { $app } is scaled to { $spoken }
runs-1b4a = { $app } runs { $dyno }
another-operator-an-autoscaler-heroku-scheduler-or-a-6acd = Another operator, an autoscaler, Heroku Scheduler or a deploy may have changed it: `heroku releases -a { $first }` and `heroku ps -a { $first }` show what runs. Stop it at its source, then `heroku maintenance:on`, `heroku ps:scale TYPE=0` or `heroku ps:stop DYNO` for { $names }. Whatever was written meanwhile must reach the follower before the run goes on.

## crates/actions/src/app/world_as_planned.rs

the-facts-of-the-plan-cant-be-read-a257 = the facts of the plan can't be read: { $error }
they-were-probably-surveyed-by-another-version-of-ae53 = They were probably surveyed by another version of hcops.
make-a-new-plan-1487 = Make a new plan.
was-and-is-10bf = { $what } was { $planned } and is { $is }
the-connections-database-1e50 = the connection's database
the-config-var-that-the-connection-reads-cfa9 = the config var that the connection reads
the-databases-plan-722a = the database's plan
the-databases-postgres-version-c70e = the database's Postgres version
follows-and-did-not-51fa = { $follower } follows { $database } and did not
does-not-follow-any-more-e98e = { $follower } does not follow { $database } any more
is-not-mapped-any-more-7d35 = { $object } is not mapped any more
is-mapped-now-a9cc = { $object } is mapped now
the-default-credential-6f6b = the default credential
is-attached-now-f9b3 = { $name } is attached now ({ $through })
goes-through-now-and-went-through-4436 = { $name } goes through { $through } now, and went through { $through_2 }
is-not-attached-any-more-ec65 = { $name } is not attached any more
on-b8d3 = on
off-b4dc = off
maintenance-mode-of-is-now-and-is-left-8626 = maintenance mode of { $name } is { $now } now, and is left so in the end
runs-now-and-not-that-is-what-it-6607 = { $name } runs { $spoken } now, and not { $spoken_2 }: that is what it gets back
has-a-release-phase-now-it-runs-at-2974 = { $name } has a release phase now: it runs at each attachment
everything-is-as-it-was-when-the-plan-bd0a = everything is as it was when the plan was made
changed-since-the-plan-was-made-81b7 = changed since the plan was made: { $taken }
the-state-has-changed-since-this-plan-was-d80f = The state has changed since this plan was made: { $all }. No step of the plan is made for that: such an app would not be silenced or would stay on the old database, and an object that is not mapped is not synced in the end.
if-that-is-meant-to-stay-make-a-ced9 = If that is meant to stay, make a new plan: `hcops abort`, then `{ $again }`. If not, undo it and take the run up again.

## crates/actions/src/catalogue.rs

the-catalogue-of-actions-sends-nothing-1a16 = the catalogue of actions sends nothing

## crates/actions/src/connect/authorization/authorized.rs

its-time-4de5 = its time
the-connections-state-527a = the connection's state
a-persons-word-0620 = a person's word
waits-for-a-person-to-log-in-to-c3fb = { $name } waits for a person to log in to Salesforce.
nobody-has-logged-in-to-salesforce-for-yet-9677 = Nobody has logged in to Salesforce for { $name } yet.
the-login-of-before-is-still-the-one-7529 = The login of before is still the one that counts. Log in, then answer again with yes.
does-not-show-the-new-login-yet-yes-4eb8 = { $name } does not show the new login yet ({ $state }); `yes` was answered
log-in-as-the-user-that-the-connection-5f78 = Log in as the user that the connection should act as, in the organisation that it syncs with, and allow Heroku Connect. Answer yes when it is done.

## crates/actions/src/connect/authorization/before.rs

is-as-login-of-d452 = { $name } is { $state }, as { $username }, login of { $updated }
a-user-that-is-not-shown-c3a9 = a user that is not shown
a-time-that-is-not-shown-03ba = a time that is not shown

## crates/actions/src/connect/backlog.rs

rows-bc51 = rows
rows-a-second-about-s-left-cf1b = ; { $drained_per_second } rows a second, about { $seconds } s left
it-does-not-shrink-7d66 = ; it does not shrink
the-oldest-s-old-845c = , the oldest { $seconds } s old
rejected-by-salesforce-a450 = , { $failed } rejected by Salesforce
the-trigger-log-of-has-bfda = the trigger log of { $schema } has { $open }{ $oldest }{ $failed }
open-row-e823 = { $count } open row
open-rows-87a0 = { $count } open rows

## crates/actions/src/connect/baseline.rs

write-error-ab99 = { $count } write error
write-errors-0e36 = { $count } write errors
notification-bc4b = { $count } notification
notifications-7d52 = { $count } notifications
and-in-the-trigger-log-bea0 = { $errors } and { $notifications }, { $open } in the trigger log
and-no-trigger-log-looked-at-b98c = { $errors } and { $notifications }, no trigger log looked at
how-the-former-database-is-cannot-be-noted-5e20 = how the former database is cannot be noted: { $error }
it-shows-afterwards-whether-somebody-still-writes-to-5dab = It shows afterwards whether somebody still writes to it.
report-this-as-a-defect-of-hcops-3723 = Report this as a defect of hcops.

## crates/actions/src/connect/built_on.rs

on-with-yes-it-is-acknowledged-that-the-eb85 = { $found } { $value } on { $place }. With yes it is acknowledged that the change may take them along, or fail because of them; how they were made is kept in the run's evidence.
object-5e44 = { $count } object
objects-7aec = { $count } objects
is-built-72ce = is built
are-built-26b8 = are built
what-is-built-on-was-not-acknowledged-23ef = What is built on { $place } was not acknowledged.
drop-what-blocks-the-change-by-sql-or-6a3a = Drop what blocks the change by SQL, or move it to another column, and retry.
that-there-before-missing-make-them-again-by-b7f9 = { $missing } that { $value } there before { $value_2 } missing. Make them again by SQL, then retry; with yes they are given up.
was-b63b = was
were-910a = were
is-fa51 = is
are-ba78 = are
missing-on-5ff0 = Missing on { $place }: { $names }.
make-them-again-by-sql-their-definitions-are-613d = Make them again by SQL (their definitions are in the run's evidence), then retry.
nothing-was-built-by-sql-on-f66b = nothing was built by SQL on { $place }
on-118f = { $some } on { $place }: { $names }
given-up-bb55 = ; given up: { $names }
mentions-it-by-name-and-fails-while-it-546b = mentions it by name, and fails while it is gone
keeps-the-column-from-being-dropped-or-is-eaba = keeps the column from being dropped, or is dropped with it
is-dropped-with-the-column-5514 = is dropped with the column
on-f6b0 = { $kind } { $name } on { $table } { $fate }
its-definition-is-not-known-1758 = its definition is not known
on-2ca2 = { $kind } { $name } on { $table }: { $split_whitespace }

## crates/actions/src/connect/condition.rs

is-waiting-for-idle-when-it-stays-so-35c6 = { $name } is { $state }, { $pending_spoken }; waiting for IDLE. When it stays so, its log says why: `heroku logs -d herokuconnect -a { $app }`
is-which-goes-over-by-itself-89bd = { $name } is { $state }, which goes over by itself
is-6854 = { $name } is { $state }: { $meaning }.
has-the-state-which-hcops-does-not-know-cb95 = { $name } has the state "{ $state }", which hcops does not know.
what-is-the-connection-doing-its-page-in-be3b = What is the connection doing? Its page in the dashboard says it: `{ $opened_by }`
authorize-it-again-heroku-connect-sf-auth-wait-85f3 = Authorize it again (`heroku connect:sf:auth { $options }`), wait for IDLE, and retry.
resume-it-heroku-connect-resume-wait-for-idle-0dce = resume it (`heroku connect:resume { $options }`), wait for IDLE, and retry
it-is-not-configured-yet-804b = it is not configured yet
set-its-database-heroku-connect-db-set-authorize-0a47 = Set its database (`heroku connect:db:set { $options }`), authorize it, and let it sync first.
it-waits-for-the-salesforce-login-aa80 = it waits for the Salesforce login
salesforce-does-not-accept-its-login-any-more-716b = Salesforce does not accept its login any more
an-unforeseen-fault-has-stopped-sync-c768 = an unforeseen fault has stopped sync
read-its-log-where-that-does-not-help-7a94 = Read its log, { $resume }. Where that does not help, ask Heroku's support.
it-cannot-reach-its-database-6f76 = it cannot reach its database
look-at-the-database-heroku-pg-info-then-ed62 = Look at the database (`heroku pg:info`), then { $resume }.
it-holds-more-rows-than-its-plan-allows-3c3e = it holds more rows than its plan allows
take-a-larger-plan-or-map-fewer-objects-5fb4 = Take a larger plan, or map fewer objects; then wait for IDLE and retry.
it-may-not-reach-its-database-any-more-0863 = it may not reach its database any more on Heroku's side
open-it-as-an-owner-of-the-app-ba0e = Open it as an owner of the app (`{ $opened_by }`) and authorize it; then retry.
its-salesforce-organisation-is-inactive-21d3 = its Salesforce organisation is inactive
have-the-organisation-reactivated-by-salesforce-then-aut-8ab5 = Have the organisation reactivated by Salesforce, then authorize the connection again.
sync-has-been-stopped-5e1b = sync has been stopped
only-herokus-support-can-bring-it-back-it-c4b6 = Only Heroku's support can bring it back; it comes back paused, and is resumed then.

## crates/actions/src/connect/db_is.rs

is-but-still-shows-c397 = { $url_var } is { $database }, but { $name } still shows { $other }
has-no-database-yet-f186 = { $name } has no database yet.
set-one-heroku-connect-db-set-fbad = Set one: `heroku connect:db:set { $options }`.
uses-when-the-plan-was-made-it-used-0abd = { $name } uses { $db_key }; when the plan was made it used { $wanted }.
somebody-has-changed-its-database-setting-plan-again-9ead = Somebody has changed its database setting. Plan again, or set it back: `heroku connect:db:set --db { $wanted } { $options }`.
uses-but-no-attachment-of-supplies-that-config-4c69 = { $name } uses { $db_key }, but no attachment of { $app } supplies that config var: it was set by hand, or is gone.
it-would-not-move-with-the-database-attach-84b7 = It would not move with the database. Attach the database under that name (`heroku addons:attach { $database } --as { $trim_end_matches } -a { $app }`, after removing the variable), and plan again.
uses-which-means-and-not-2030 = { $name } uses { $db_key }, which means { $found } and not { $database }.
sync-must-not-run-on-a-database-that-9da7 = Sync must not run on a database that is not the current one. Look at `heroku addons -a { $app }`, and attach { $database } as { $trim_end_matches } (`heroku addons:attach { $database } --as { $trim_end_matches } -a { $app } --confirm { $app }`) if that is what it should be.

## crates/actions/src/connect/drained.rs

collected-writes-9180 = collected writes
is-not-in-sync-yet-67fc = { $name } is { $state }; not in sync yet: { $unsynced }
still-shows-paused-where-somebody-paused-it-again-5acb = { $name } still shows PAUSED; where somebody paused it again, `hcops run sync-resume` or `heroku connect:resume { $options }` resumes it
row-3c57 = { $count } row
rows-ad25 = { $count } rows
is-idle-that-had-been-captured-before-are-a89f = { $name } is IDLE; { $open } that had been captured before are still open in the trigger log
is-idle-of-that-had-collected-at-least-1bc4 = { $name } is IDLE; of { $collected } that had collected at least { $sent } are sent, { $pending_spoken }
write-0990 = { $count } write
writes-0390 = { $count } writes
of-that-had-collected-at-least-are-sent-3526 = of { $collected } that had collected at least { $sent } are sent
how-many-writes-had-collected-is-not-shown-b968 = how many writes had collected is not shown
nothing-of-what-had-been-captured-before-is-ff77 = nothing of what had been captured before is open in the trigger log
the-trigger-log-was-not-looked-at-f9d7 = the trigger log was not looked at
in-sync-no-new-write-error-37b3 = { $mappings } in sync; { $sent }; { $log }; no new write error
mapping-35e3 = { $count } mapping
mappings-f198 = { $count } mappings
mappings-4f16 = mappings
of-since-this-run-began-456e = { $new } of { $name } since this run began: { $some }.
new-write-error-6390 = { $count } new write error
new-write-errors-b820 = { $count } new write errors
heroku-connect-write-errors-shows-all-of-them-f724 = `heroku connect:write-errors { $options }` shows all of them. Where they have another cause, skip this step with that reason; a refused write is not repeated by itself.

## crates/actions/src/connect/fields/change.rs

is-in-salesforce-and-its-column-4d78 = { $object }.{ $field } is { $salesforce } in Salesforce, and its column { $column }
not-shown-0bed = not shown
was-not-looked-at-e395 = was not looked at
what-has-changed-is-not-seen-from-here-7d7b = what has changed is not seen from here
the-column-is-what-the-field-is-81a7 = the column is what the field is
the-field-has-become-longer-8fbd = the field has become longer
the-field-has-become-shorter-fb42 = the field has become shorter
the-field-has-another-type-7c58 = the field has another type
kind-says-8f6f = { $seen }; --kind says { $word }
longer-7383 = longer
shorter-1360 = shorter
type-1303 = type
heroku-connect-plugin-pull-request-292-2026-05-9288 = heroku-connect-plugin, pull request 292, 2026-05-22
the-dev-center-article-of-2022-6819 = the Dev Center article of 2022
nothing-is-left-to-do-about-its-type-f70c = Nothing is left to do about its type and length. Where something else has changed: { $other }.
a-longer-field-needs-nothing-or-the-method-9e32 = A longer field needs nothing, or the method simple. A shorter one and one of another type need the method complex ({ $staff }); { $article } calls a shorter one simple as well. Say which it is: --kind longer, shorter or type.
nothing-need-be-done-connect-alters-the-column-71a2 = Nothing need be done: Connect alters the column at the next sync ({ $staff }). By { $article } the mapping is saved, as this plan does; that does no harm.
for-that-the-method-simple-is-enough-and-5ea0 = For that the method simple is enough, and this one drops the column: Connect alters it at the next sync ({ $staff }), or when the mapping is saved ({ $article }). { $other }
the-dev-center-article-of-2022-has-the-e527 = The Dev Center article of 2022 has the mapping saved, as this plan does.
the-dev-center-article-of-2022-says-the-68ed = The Dev Center article of 2022 says the same.
for-that-the-field-has-to-be-taken-968c = For that the field has to be taken out of the mapping and put in again, as this plan does ({ $staff }). By { $article } the mapping is saved only, which may leave the column as it is: { $other }.
for-that-the-field-is-taken-out-of-8bec = For that the field is taken out of the mapping and put in again, as this plan does ({ $staff }; { $article }).

## crates/actions/src/connect/fields/column.rs

there-is-no-column-in-9c0a = There is no column { $place } in { $database }.
the-field-is-mapped-so-its-column-should-f53f = The field is mapped, so its column should be there: wait until the mapping is DATA_SYNCED, then retry.
is-not-there-yet-9ac7 = { $place } is not there yet
is-with-in-3d32 = { $place } is { $kind } with { $values } in { $rows }
value-bd43 = { $count } value
values-f006 = { $count } values
of-an-unknown-type-f516 = of an unknown type
before-it-was-with-cc77 = { $now }; before it was { $kind_before } with { $before }
values-are-missing-bd38 = Values are missing: { $told }.
where-they-are-still-on-their-way-retry-e255 = Where they are still on their way, retry later. Otherwise compare with Salesforce, and load { $object } again; where Salesforce itself has fewer, skip this step with that reason.
is-as-before-and-salesforce-has-as-3265 = { $place } is { $kind } as before, and Salesforce has { $object }.{ $field } as { $defined_as }
the-type-is-the-one-of-before-and-dd7b = { $told }. The type is the one of before, and what Salesforce has the field as is not shown.
the-column-should-be-after-the-change-9a86 = The column { $place } should be { $kind } after the change.
is-in-salesforce-and-its-column-the-mapping-4fe5 = { $object }.{ $field } is { $defined_as } in Salesforce and its column { $kind }: the mapping is only saved all the same, and the column may stay as it is.
and-salesforce-has-the-field-as-the-method-4ba8 = { $now }, and Salesforce has the field as { $defined_as }. The method complex is proposed for that.
salesforce-has-the-field-as-and-saving-the-789f = { $now }, Salesforce has the field as { $defined_as }, and saving the mapping is not enough.
turn-this-run-back-with-hcops-abort-and-a445 = Turn this run back with `hcops abort`, and plan the other method: `{ $otherwise }`.
salesforce-has-as-connect-has-left-the-column-08ff = { $told }. Salesforce has { $object }.{ $field } as { $defined_as }: Connect has left the column longer.
a-longer-column-does-no-harm-to-what-9f17 = A longer column does no harm to what it holds. Where it has to become shorter the field is taken out of the mapping and put in again: `{ $otherwise }`. Otherwise skip this step with that reason.
salesforce-has-as-which-is-another-type-42ea = { $told }. Salesforce has { $object }.{ $field } as { $defined_as }, which is another type.
the-mapping-was-saved-and-its-column-is-a7c6 = The mapping was saved, and its column is not what the field is. Look at the mapping's page and at the connection's log (`heroku logs -d herokuconnect`); save the mapping of { $object } again, or carry out the method `complex`.

## crates/actions/src/connect/fields/field.rs

is-in-salesforce-e8f6 = { $object }.{ $field } is { $kind } in Salesforce
the-mapping-of-is-ef43 = The mapping { $object_name } of { $name } is { $state }.
mend-it-first-its-page-says-why-it-f8ff = Mend it first; its page (`{ $opened_by }`) says why it is so.
the-mapping-is-which-goes-over-by-itself-7f1c = the mapping { $object_name } is { $state }, which goes over by itself
is-not-mapped-mapped-are-3a2a = { $object }.{ $field } is not mapped; mapped are { $mapped }.
name-a-mapped-field-with-field-0353 = Name a mapped field with --field.
did-you-mean-field-names-are-compared-letter-5087 = Did you mean --field { $near }? Names are compared letter by letter.
cant-be-taken-out-of-the-mapping-the-1c94 = { $object }.{ $field } can't be taken out of the mapping: the mapping works by it.
ask-herokus-support-how-this-change-is-to-6ae0 = Ask Heroku's support how this change is to be made; the connection may have to be made anew.
does-not-map-it-maps-8589 = { $name } does not map { $object }; it maps { $mapped }.
name-a-mapped-object-with-object-352c = Name a mapped object with --object.
the-configuration-of-is-shown-without-its-revision-2d5d = The configuration of { $object_name } is shown without its revision.
without-it-somebody-elses-change-could-be-lost-3e5d = Without it somebody else's change could be lost. Change the mapping on its page: `{ $opened_by }`.
salesforce-does-not-list-any-more-f771 = Salesforce does not list { $object }.{ $field } any more.
the-field-was-removed-or-renamed-or-the-01f3 = The field was removed or renamed, or the connection's user may not see it. Take it out of the mapping, or give the user access to it; this procedure is for a field that is still there.
what-is-in-salesforce-now-is-not-shown-b1f5 = What { $object }.{ $field } is in Salesforce now is not shown here.
say-for-the-record-what-has-changed-change-48b0 = Say for the record what has changed: --change 'length 80 to 120'.

## crates/actions/src/connect/fields/mapping_synced.rs

does-not-map-any-more-e27d = { $name } does not map { $object } any more.
somebody-has-removed-the-mapping-its-configuration-is-c088 = Somebody has removed the mapping. Its configuration is in the run's evidence.
is-d654 = { $object_name } is { $state }
is-in-sync-rows-before-now-in-salesforce-2aa5 = { $object_name } is in sync; rows: { $shown } before, { $shown_2 } now, { $shown_3 } in Salesforce
since-the-mapping-was-saved-8acd = { $new } since the mapping was saved.
heroku-connect-write-errors-shows-them-where-they-5ee7 = `heroku connect:write-errors { $options }` shows them. Where they have nothing to do with the field, skip this step with that reason; a refused write is not repeated by itself.

## crates/actions/src/connect/fields/mapping_unchanged.rs

the-mapping-has-revision-instead-of-somebody-has-4b33 = The mapping { $object_name } has revision { $revision } instead of { $revision_2 }: somebody has saved it.
saving-now-would-take-their-change-back-find-ab8d = Saving now would take their change back. Find out who it was, then plan again.

## crates/actions/src/connect/fields/save_mapping.rs

has-the-mapping-been-saved-its-page-in-c853 = Has the mapping been saved? Its page in the dashboard shows it.
the-mapping-was-saved-34ff = the mapping was saved ({ $status })
the-mappings-configuration-that-was-read-before-cant-0dc5 = the mapping's configuration that was read before can't be understood: { $error }
it-is-what-would-be-saved-f293 = It is what would be saved.
please-report-this-as-a-defect-of-hcops-e99a = Please report this as a defect of hcops, with the run's report.
was-saved-and-is-now-85be = { $object } was saved, and is { $state } now.
something-that-was-built-on-the-column-by-474b = Something that was built on the column by SQL may stand in the way of changing it. The mapping's page and the connection's log (`heroku logs -d herokuconnect`) say why; mend it, and retry.
does-the-mapping-sync-a62b = Does the mapping { $object } sync?
save-the-mapping-without-connect-drops-the-column-f6e2 = save the mapping { $object_name } without { $field }: Connect drops the column with its values and everything built on it
save-the-mapping-connect-changes-its-table-to-8d1c = save the mapping { $object_name }: Connect changes its table to what Salesforce has now
the-mapping-has-revision-instead-of-and-is-9918 = The mapping { $object_name } has revision { $revision } instead of { $revision_2 }, and is not as this step would save it: somebody else has saved it.
nothing-is-overwritten-find-out-who-changed-what-46b5 = Nothing is overwritten. Find out who changed what (the mapping's page shows it), then plan again.

## crates/actions/src/connect/healthy.rs

had-mapped-when-the-plan-was-made-and-8fc9 = { $name } had { $gone } mapped when the plan was made, and has not any more.
is-loading-tables-8214 = { $name } is loading tables: { $loading }
is-paused-already-it-cannot-be-seen-whether-e840 = { $name } is PAUSED already: it cannot be seen whether it syncs.
find-out-who-paused-it-and-why-where-7e07 = Find out who paused it, and why. Where another run did, `hcops runs` shows it: resume or abort that one. Otherwise resume it (`heroku connect:resume { $options }`), wait until its mappings are DATA_SYNCED, and retry.

## crates/actions/src/connect/importable.rs

is-paused-and-an-import-needs-an-idle-8c7b = { $name } is PAUSED, and an import needs an idle connection.
resume-it-hcops-connect-resume-and-retry-2fb1 = Resume it (`hcops connect resume`), and retry.
and-more-714f = ; and { $more } more
the-document-is-no-configuration-that-could-be-0643 = The document is no configuration that could be imported: { $faults }{ $rest }.
take-a-file-that-hcops-connect-export-o-86fb = Take a file that `hcops connect export -o FILE` or `heroku connect:export` has written.

## crates/actions/src/connect/maintenance_clear.rs

the-times-of-planned-maintenance-could-not-be-bc43 = The times of planned maintenance could not be read: { $fault }
an-unknown-time-6857 = an unknown time
heroku-has-announced-from-to-within-the-next-6056 = Heroku has announced "{ $title }" from { $time } to { $time_2 }: within the next { $minutes }.
minute-e472 = { $count } minute
minutes-cebf = { $count } minutes
while-it-lasts-what-it-is-about-may-0460 = While it lasts what it is about may answer nothing: apps that cannot be scaled or configured, or Connect, which can neither be paused nor resumed then. It cannot be moved by customers. Begin after its end; `hcops windows` and https://status.heroku.com show it.
herokus-status-site-could-not-be-read-0611 = Heroku's status site could not be read: { $fault }
planned-without-a-time-that-can-be-read-c956 = Planned, without a time that can be read: { $name }

## crates/actions/src/connect/maintenance_over.rs

has-been-going-on-since-e107 = has been going on since
until-or-so-meanwhile-sync-rests-and-changes-39aa = "{ $title }" { $standing } { $starts }, until { $ends } or so; meanwhile sync rests and changes are kept

## crates/actions/src/connect/mappings.rs

pending-00de = { $pending } pending
pending-writes-not-shown-3555 = pending writes not shown
where-nobody-meant-it-map-it-again-on-b656 = Where nobody meant it, map it again on the connection's page (`{ $opened_by }`) and retry: what Connect loads then is in its table as before.
mappings-of-are-broken-917e = Mappings of { $name } are broken: { $broken }.
heroku-connect-diagnose-and-the-mappings-page-say-a3ff = `heroku connect:diagnose { $options }` and the mapping's page (`{ $opened_by }`) say why. Mend them, wait for DATA_SYNCED, and retry.
mappings-of-have-states-that-hcops-does-not-f281 = Mappings of { $name } have states that hcops does not know: { $unknown }.
do-these-mappings-sync-heroku-connect-state-json-eb8c = Do these mappings sync? (`heroku connect:state --json { $options }`)

## crates/actions/src/connect/noted.rs

is-in-24-hours-61ca = { $name } is { $state }, { $pending_spoken }, { $errors } in 24 hours; { $spoken }
it-was-not-to-be-f046 = it was not to be
the-trigger-log-cannot-be-read-now-d5b9 = the trigger log cannot be read now: { $trim_end_matches }
its-trigger-log-has-28af = its trigger log has { $open }{ $oldest }{ $failed }
its-trigger-log-was-not-looked-at-fca0 = its trigger log was not looked at ({ $trim_end_matches })

## crates/actions/src/connect/pause.rs

pause-sync-on-changes-collect-in-the-trigger-2efb = pause sync on { $name }: changes collect in the trigger log and in Salesforce
the-pause-was-accepted-f6fd = the pause was accepted ({ $status })

## crates/actions/src/connect/paused.rs

is-not-paused-sync-runs-8b93 = { $name } is { $state }, not PAUSED: sync runs.
somebody-has-resumed-it-a-colleague-in-the-2b12 = Somebody has resumed it: a colleague in the dashboard, or another run. Find out who, then pause it again in IDLE (`heroku connect:pause { $options }`). What it wrote meanwhile must reach the follower before the run goes on.

## crates/actions/src/connect/quiet.rs

has-been-for-it-can-be-paused-in-8548 = { $name } has been { $state } for { $shown_for }, { $pending_spoken }; it can be paused in IDLE only. When it stays so, its log says why: `heroku logs -d herokuconnect -a { $app }`

## crates/actions/src/connect/recreation/access.rs

discovery-shows-several-connections-afe6 = Discovery shows several connections { $resource }.
which-one-is-it-heroku-connect-info-a-4082 = Which one is it? (`heroku connect:info -a { $app }`)
put-this-account-on-the-access-list-of-9db5 = put this account on the access list of the connections of { $app }
n-1-connection-is-visible-d23a = 1 connection is visible
connections-are-visible-0886 = { $count } connections are visible

## crates/actions/src/connect/recreation/api_version.rs

does-not-show-its-version-of-the-salesforce-6927 = { $name } does not show its version of the Salesforce API.
is-it-heroku-connect-info-372c = Is it { $wanted }? (`heroku connect:info { $options }`)
the-change-to-was-accepted-6994 = the change to { $wanted } was accepted ({ $status })
which-version-of-the-salesforce-api-should-use-39ce = Which version of the Salesforce API { $name } should use was not shown before.
set-the-one-that-was-noted-heroku-connect-fd72 = Set the one that was noted (`heroku connect:manage-sf-api-version { $options }`), and answer yes.
uses-instead-of-and-is-bfde = { $name } uses { $current } instead of { $wanted }, and is { $state }.
the-version-can-be-changed-only-while-it-8ed0 = The version can be changed only while it is paused: `heroku connect:pause { $options }`.
with-instead-of-data-would-be-lost-e14f = With { $wanted } instead of { $current } data would be lost: { $lossy }.
change-those-mappings-first-or-keep-the-version-0b59 = Change those mappings first, or keep the version and skip this step with that reason.
make-use-version-of-the-salesforce-api-instead-a87a = make { $name } use version { $wanted } of the Salesforce API instead of { $current }

## crates/actions/src/connect/recreation/compare.rs

is-not-configured-as-before-with-yes-these-4cc4 = { $name } is not configured as before. With yes these differences are taken as meant.
not-meant-146b = Not meant: { $found }.
set-it-right-on-the-connections-page-and-c1a8 = Set it right on the connection's page (`{ $opened_by }`), and retry.
configured-as-before-3eef = { $all }, configured as before
difference-e0c9 = { $count } difference
differences-39f0 = { $count } differences
taken-as-meant-a38c = { $all }; { $some }, taken as meant: { $differences }

## crates/actions/src/connect/recreation/configure.rs

no-schema-efb3 = no schema
is-set-up-already-with-and-79c4 = { $name } is set up already, with { $other } and { $schema }.
somebody-else-has-set-it-up-set-it-c459 = Somebody else has set it up. Set it right (`heroku connect:db:set --db { $db_key } --schema { $schema_name } { $options }`) and retry.
set-the-database-of-to-schema-81e2 = set the database of { $name } to { $db_key }, schema { $schema_name }
the-settings-were-accepted-e782 = the settings were accepted ({ $status })
should-have-the-schema-instead-of-1c9c = { $name } should have the schema { $schema } instead of { $schema_name }.
has-the-schema-the-plan-says-6511 = { $name } has the schema { $schema }; the plan says { $schema_name }.

## crates/actions/src/connect/recreation/create.rs

create-the-add-on-on-it-is-billed-0f89 = create the add-on { $name } ({ $plan }) on { $app }; it is billed from its creation on
heroku-is-provisioning-7b96 = Heroku is provisioning { $name }
the-add-on-is-its-creation-failed-or-7f3c = The add-on { $name } is { $state }: its creation failed, or somebody removed it.
heroku-addons-a-shows-when-it-is-gone-01d9 = `heroku addons -a { $app }` shows when it is gone; then retry.
the-add-on-has-the-state-which-hcops-028c = The add-on { $name } has the state "{ $state }", which hcops does not know.
is-provisioned-heroku-addons-info-2784 = Is { $name } provisioned? (`heroku addons:info { $name }`)
add-on-is-a046 = add-on { $name } is { $state }
it-belongs-to-the-app-72dd = it belongs to the app { $name }
its-plan-is-b6eb = its plan is { $name }
an-add-on-exists-already-but-it-should-fe33 = An add-on { $name } exists already, but { $what }; it should be { $plan } on { $app }.
it-is-not-taken-over-see-what-it-5819 = It is not taken over. See what it is (`heroku addons:info { $name }`).

## crates/actions/src/connect/recreation/destroy.rs

heroku-is-removing-7728 = Heroku is removing { $resource }
is-gone-heroku-addons-info-145f = Is { $resource } gone? (`heroku addons:info { $resource }`)
destroy-the-add-on-of-the-connection-its-f7f3 = destroy the add-on { $resource } of { $app }: the connection, its collaborators and its audit trail; the tables in Postgres stay
is-another-add-on-now-than-when-the-244b = { $resource } is another add-on now ({ $id }) than when the plan was made.
somebody-has-made-it-anew-under-the-same-473e = Somebody has made it anew under the same name. Plan again.

## crates/actions/src/connect/recreation/differences.rs

is-mapped-and-was-not-7d60 = { $object } is mapped, and was not
is-mapped-anew-c0eb = { $object } is mapped anew
was-and-is-7528 = { $what } was { $shown }, and is { $shown_2 }

## crates/actions/src/connect/recreation/existing_schema.rs

alter-schema-rename-to-63f1 = alter schema { $from } rename to { $to }
or-give-the-connection-another-schema-heroku-connect-3ab3 = { " " }Or give the connection another schema (`heroku connect:db:set --db { $db_key } --schema { $another } { $options }`), resume the run, and answer yes.
where-connect-does-not-take-the-schema-because-5f35 = Where Connect does not take the schema because it exists: rename it by hand (`{ $renaming }`) and resume the run. Its tables are then made anew and loaded from Salesforce; the old ones stay under the new name.{ $value } Otherwise: { $remedy }

## crates/actions/src/connect/recreation/export.rs

the-exported-configuration-of-is-not-whole-b413 = The exported configuration of { $name } is not whole: { $faults }.
what-is-not-in-the-file-is-lost-0f35 = What is not in the file is lost with the connection. Export it by hand (`heroku connect:export { $options }`) and compare; where that file is not whole either, ask Heroku's support.
of-kept-as-in-the-runs-evidence-4d9c = { $objects } of { $name } ({ $objects_2 }), kept as { $keep_as } in the run's evidence
it-has-no-mappings-7386 = it has no mappings
it-maps-twice-d7db = it maps { $object } twice
it-maps-beside-which-is-the-same-object-3cd1 = it maps { $object } beside { $other }, which is the same object
it-maps-and-the-connection-has-da62 = it maps { $object }, and the connection has { $known }
its-version-is-and-is-known-789e = its version is { $document }, and { $version } is known
the-mapping-is-there-without-its-fields-a13a = the mapping { $object } is there without its fields
the-mapping-is-missing-1b2e = the mapping { $object_name } is missing

## crates/actions/src/connect/recreation/export_unchanged.rs

the-configuration-has-changed-since-it-was-exported-f026 = The configuration has changed since it was exported: { $changed }.
the-file-would-bring-back-the-older-configuration-4f75 = The file would bring back the older configuration. Find out who changed it; then turn back and begin anew, or undo the change.

## crates/actions/src/connect/recreation/features.rs

settings-of-are-not-as-before-set-them-cc2f = Settings of { $name } are not as before. Set them on its page (`{ $opened_by }`); with yes what is left is taken as meant.
set-them-on-the-connections-page-and-retry-5a79 = Set them on the connection's page (`{ $opened_by }`), and retry.
was-on-and-is-off-09c9 = { $name } was on, and is off
was-off-and-is-on-2996 = { $name } was off, and is on
its-name-was-and-is-0ceb = its name was { $was }, and is { $display_name }
as-before-7829 = as before
taken-as-meant-d8a4 = taken as meant: { $differences }

## crates/actions/src/connect/recreation/import.rs

the-import-was-accepted-7317 = the import was accepted ({ $status })
at-work-7e50 = at work
at-rest-ec1a = at rest
nothing-is-said-of-ece6 = { $object }: nothing is said of { $settings }
connect-has-imported-the-file-into-which-is-d764 = Connect has imported the file into { $name }, which is IDLE with every mapping in sync, and left out: { $in_short }.
connect-drops-a-field-without-a-word-where-7260 = Connect drops a field without a word where Salesforce does not have it or its user may not see it. Check the name and the permissions in Salesforce, and import again; or skip this step with a reason.
import-into-their-tables-are-loaded-from-salesforce-a8bd = import { $mappings } into { $name }: { $in_short }; their tables are loaded from Salesforce
is-paused-and-not-as-the-document-says-a3a0 = { $name } is PAUSED, and not as the document says: { $in_short }.
an-import-needs-an-idle-connection-resume-it-aa9d = An import needs an idle connection. Resume it, and retry.
and-more-00e8 = { $told } and { $more } more
loads-2118 = { $name } loads: { $unsynced }

## crates/actions/src/connect/recreation/import_notices.rs

is-configured-as-the-file-says-already-nothing-3942 = { $name } is configured as the file says already: nothing would be sent.
the-file-names-of-would-be-added-changed-f18d = The file names { $all } of { $name }: { $added } would be added, { $changed } changed, { $kept } left as they are. { $others } that it does not name would stay.
more-changes-like-these-are-in-the-output-4b11 = { $untold } more changes like these are in the output of the step that checks the file (--json).
the-file-is-of-the-salesforce-org-and-4857 = The file is of the Salesforce org { $of_file }, and { $name } is of { $of_connection }: objects and fields of another org may not exist there.
would-lose-their-columns-are-dropped-with-what-c68c = { $object } would lose { $listed }: their columns are dropped, with what was built on them by SQL.
would-get-1d1e = { $object } would get { $listed }.
the-file-does-not-say-these-settings-which-cde2 = The file does not say these settings, which are set: { $each }. Whether Connect keeps them is not documented; the file would be sent.
field-b9c3 = { $count } field
fields-64a4 = { $count } fields
would-be-added-1134 = Would be added: { $listed }.

## crates/actions/src/connect/recreation/logged_in.rs

is-it-waits-for-a-person-to-log-1bb8 = { $name } is { $state }: it waits for a person to log in to Salesforce.
without-a-login-nothing-is-synced-log-in-26a0 = Without a login nothing is synced. Log in, then answer again with yes.
still-shows-yes-was-answered-2acc = { $name } still shows { $state }; `yes` was answered
log-in-as-the-user-that-the-connection-0453 = Log in as the user that the connection should act as, in the organisation that it should sync with, and allow Heroku Connect. Answer yes when it is done.

## crates/actions/src/connect/recreation/login_address.rs

ask-for-the-address-of-a-salesforce-login-cbf2 = ask for the address of a Salesforce login for { $name }
connect-gave-the-address-f286 = Connect gave the address ({ $status })
open-the-salesforce-login-of-the-address-is-e0be = Open the Salesforce login of { $name }: the address is shown at the terminal that asked for it, and `heroku connect:sf:auth { $options }` makes another one.

## crates/actions/src/connect/recreation/nothing_unsent.rs

more-has-not-reached-salesforce-than-was-acknowledged-a409 = More has not reached Salesforce than was acknowledged: { $spoken }.
somebody-has-written-to-a-mapped-table-since-f3ec = Somebody has written to a mapped table since. Find the writer and stop it; then turn back, let sync drain, and begin anew.

## crates/actions/src/connect/recreation/recreatable.rs

logs-in-to-salesforce-at-a-domain-of-7b13 = { $resource } logs in to Salesforce at a domain of its own, and none is named.
name-it-with-domain-for-example-https-acme-06d7 = Name it with --domain, for example https://acme.my.salesforce.com.
is-attached-to-as-too-4b32 = { $resource } is attached to { $name } as { $name_2 } too.
an-add-on-that-other-apps-have-is-544c = An add-on that other apps have is not removed without force. Where nobody needs it there, detach it: `heroku addons:detach { $name } -a { $name_2 }`.
an-add-on-exists-already-on-f58a = An add-on { $new_name } exists already, on { $name }.
choose-another-name-for-the-new-connection-new-c665 = Choose another name for the new connection: --new-name.
belongs-to-not-to-0ee1 = { $resource } belongs to { $owner }, not to { $app }.
an-add-on-is-removed-and-made-anew-6970 = An add-on is removed and made anew on the app that owns it: `hcops plan connection-recreate -a { $owner }`.
has-the-plan-the-new-connection-would-get-cfd1 = { $resource } has the plan { $plan }; the new connection would get { $plan_2 }.
the-plan-decides-rows-and-polling-change-the-b057 = The plan decides rows and polling. Change the plan first if that is meant, then plan again.

## crates/actions/src/connect/recreation/schema_there.rs

has-the-schema-in-the-same-database-c3da = { $other } has the schema { $schema } in the same database.
each-connection-has-a-schema-of-its-own-8478 = Each connection has a schema of its own. Choose another one: --schema.
with-1666 = { " " }with { $tables }
table-9c6e = { $count } table
tables-87e3 = { $count } tables
the-schema-is-in-and-stays-there-when-9749 = The schema { $schema }{ $tables } is in { $place }, and stays there when the connection is removed. Heroku does not document whether a new connection can be set up on it: a customer reports that Connect wanted it dropped or renamed first (heroku/roadmap, issue 296). Where Connect refuses it, the run stops behind the removal, with everything still off, until it is renamed by hand: `{ $renaming }`. Then the run goes on and loads each table anew. To have nothing of that, give the new connection another schema from the beginning, where apps then have to read: `--schema { $another }`.
there-is-no-schema-in-connect-makes-it-6423 = there is no schema { $schema } in { $place }: Connect makes it
whether-a-schema-is-in-already-could-not-e0cf = Whether a schema { $schema } is in { $place } already could not be seen: the database was not looked into. Where it is there, Connect may refuse it after the removal.

## crates/actions/src/connect/recreation/settings.rs

the-api-does-not-show-all-settings-of-ed1d = The API does not show all settings of { $name }.
does-not-say-what-the-setting-is-2265 = "{ $answer }" does not say what the setting is.
read-it-on-the-connections-page-and-answer-19e8 = Read it on the connection's page (`{ $opened_by }`) and answer with it.
which-version-of-the-salesforce-api-does-it-4316 = Which version of the Salesforce API does it use?
is-its-write-algorithm-ordered-or-merged-writes-70ea = Is its write algorithm ordered or merged writes?
which-beta-features-are-switched-on-965e = Which beta features are switched on?
salesforce-api-features-on-f18b = Salesforce API { $api_version }; { $algorithm }; features on: { $value }{ $told }
told-24bb = ; told: { $told }
ordered-writes-55df = ordered writes
merged-writes-2687 = merged writes
write-algorithm-not-shown-d284 = write algorithm not shown

## crates/actions/src/connect/recreation/unsent.rs

not-in-sync-yet-7198 = not in sync yet: { $unsynced }
to-salesforce-f8cc = { $name }: { $pending_spoken } to Salesforce
what-has-not-reached-salesforce-was-not-acknowledged-50d1 = What has not reached Salesforce was not acknowledged.
heroku-connect-write-errors-shows-the-refused-writes-c7ae = `heroku connect:write-errors { $options }` shows the refused writes. Mend or repeat them, wait until nothing is pending, and retry.
not-in-sync-b2cc = Not in sync: { $unsynced }.
something-has-not-reached-salesforce-or-it-is-6a26 = Something has not reached Salesforce, or it is not shown whether anything waits. With yes it is acknowledged, and kept in the run's evidence.

## crates/actions/src/connect/recreation/unsent_rows.rs

no-mapping-writes-to-salesforce-76dc = no mapping writes to Salesforce
in-the-last-24-hours-6256 = { $pending }; { $refused } in the last 24 hours
refused-write-7d39 = { $count } refused write
refused-writes-cee9 = { $count } refused writes

## crates/actions/src/connect/recreation/write_algorithm.rs

before-56fe = { $name }: { $algorithm }; before: { $algorithm_2 }.
set-the-write-algorithm-as-it-was-on-c52b = Set the write algorithm as it was on the connection's page (`{ $opened_by }`), and answer yes.
the-write-algorithm-is-not-as-it-was-87f1 = The write algorithm is not as it was.
changes-that-wait-would-go-out-in-another-952b = Changes that wait would go out in another way than before. Set it, then answer again with yes.
by-a-persons-word-5736 = { $algorithm }, by a person's word
still-shows-2f6a = { $name } still shows { $algorithm }

## crates/actions/src/connect/reload/budget.rs

reloading-mappings-of-reads-every-record-of-their-d238 = Reloading mappings of { $name } reads every record of their objects.
the-organisations-api-calls-do-not-last-for-d30a = The organisation's API calls do not last for the reloads.
they-are-counted-over-24-hours-wait-until-5269 = They are counted over 24 hours: wait until enough are free, or have the limit raised; then retry.
records-8f21 = { $object_name }: { $in_salesforce } records{ $value }{ $limit }
an-unknown-number-of-056b = an unknown number of
in-bulk-25f6 = , in bulk
at-most-api-calls-a-day-36cd = , at most { $limit } API calls a day
the-organisation-has-enough-api-calls-left-for-f095 = The organisation has enough API calls left for this today, beside those of everything else that uses it (Salesforce Setup, System Overview, API Usage).
n-1-mapping-does-not-show-its-e5f2 = ; 1 mapping does not show its
mappings-do-not-show-theirs-81cf = ; { $unknown } mappings do not show theirs
of-are-read-of-them-in-bulk-how-1ccd = { $records } of { $mappings } are read, { $bulk } of them in bulk{ $missing }; how many API calls that takes is not published
record-de39 = { $count } record
records-f75d = { $count } records

## crates/actions/src/connect/reload/counts.rs

now-056b = { $shown }, now{ " " }
in-salesforce-9157 = { $object_name } { $before }{ $shown } ({ $shown_2 } in Salesforce)
before-6db7 = before
after-f395 = after

## crates/actions/src/connect/reload/losses.rs

what-is-lost-was-not-acknowledged-680f = What is lost was not acknowledged.
the-ids-are-in-the-runs-evidence-save-8754 = The ids are in the run's evidence. Save from { $old } what matters, then retry; or turn back with `hcops abort`.
captured-change-6b57 = { $count } captured change
captured-changes-721a = { $count } captured changes
only-in-of-14e5 = Only in { $old }: { $rows } of { $schema }.{ $table } ({ $state })
without-a-salesforce-id-in-cleared-by-the-bfc9 = Without a Salesforce id in { $new }, cleared by the reload: { $rows } of { $table }
with-as-it-was-at-this-is-lost-0523 = With { $new } as it was at { $moment } this is lost: { $spoken }. With yes it is acknowledged, and the rows' ids are kept in the run's evidence; { $old } is kept with what they hold.
its-newest-one-is-of-utc-e8ea = { " " }(its newest one is of { $at } UTC)
since-what-the-database-of-the-past-holds-1e59 = { $missing } since what the database of the past holds{ $until }, and { $rows } without a Salesforce id
is-no-past-of-its-newest-captured-change-950c = { $new } is no past of { $old }: its newest captured change (id { $id }, { $at } UTC) is not in { $old } as it is here.
without-a-time-6384 = without a time
somebody-has-written-to-it-since-it-was-4618 = Somebody has written to it since it was made, or it comes from another database. Make a new rollback database (--take create), or name the right one.

## crates/actions/src/connect/reload/mapping.rs

the-mapping-is-not-there-any-more-1ccb = The mapping { $mapping } is not there any more.
somebody-has-removed-it-what-is-not-mapped-22b3 = Somebody has removed it. What is not mapped needs no reload: plan again.
does-the-mapping-load-a9ff = Does the mapping { $object_name } load?
the-reload-was-accepted-5de8 = the reload was accepted ({ $status })
the-reload-of-was-accepted-and-the-table-9892 = The reload of { $object_name } was accepted, and the table was not seen to load: it was not carried out, or it was over between two looks.
was-loaded-again-its-log-heroku-logs-d-4df3 = Was { $object_name } loaded again? Its log (`heroku logs -d herokuconnect`) and its page in the dashboard say so. Where it was not, a new run reloads it.
waits-for-its-turn-9c42 = { $object_name } waits for its turn: { $busy }
reload-its-table-is-cleared-and-loaded-from-9118 = reload { $object_name }: its table is cleared and loaded from Salesforce again; rows without a Salesforce id are lost
is-4e09 = { $object_name } is { $state }.
a-foreign-key-or-view-on-the-table-facb = A foreign key or view on the table can keep it from being cleared, and Salesforce can refuse a load. The connection's log (`heroku logs -d herokuconnect`) says why; mend it, reload the mapping by hand, and answer that it was done by hand.
was-loaded-again-a3c5 = { $object_name } was loaded again
is-not-loaded-while-the-connection-is-paused-c69f = { $object_name } is not loaded while the connection is paused: that follows once sync is resumed

## crates/actions/src/connect/reload/mark_sent.rs

no-change-that-was-sent-from-is-open-0664 = no change that was sent from { $old } is open in { $new } any more; { $marked } marked by this run
change-8529 = { $count } change
changes-a7e3 = { $count } changes
marked-ignore-8d4d = { $marked } marked IGNORE
mark-of-in-the-trigger-log-of-as-f75b = mark { $rows } of { $schema }.{ $table } ({ $action }) in the trigger log of { $new } as IGNORE: Salesforce has them from { $old }

## crates/actions/src/connect/repoint.rs

make-use-instead-of-f48d = make { $name } use { $db_key } ({ $database }) instead of { $from }
the-database-setting-was-accepted-e9cf = the database setting { $db_key } was accepted ({ $status })
uses-but-still-shows-fe9c = { $name } uses { $db_key }, but still shows { $other }
uses-when-the-plan-was-made-it-used-1620 = { $name } uses "{ $db_key }"; when the plan was made it used { $from }.
somebody-has-changed-its-database-setting-find-out-aad6 = Somebody has changed its database setting. Find out why, then set it (`heroku connect:db:set --db { $db_key } { $options }`) and retry.
of-does-not-mean-5f6d = { $db_key } of { $app } does not mean { $database }.
the-connection-can-only-use-a-database-that-c9f8 = The connection can only use a database that is attached to its app: `heroku addons:attach { $database } --as { $trim_end_matches } -a { $app }`.

## crates/actions/src/connect/resume.rs

resume-sync-on-both-sides-catch-up-on-3319 = resume sync on { $name }: both sides catch up on what has collected
the-resumption-was-accepted-2bd1 = the resumption was accepted ({ $status })
is-looked-at-again-since-a-pause-may-bf88 = { $name } is { $state }; looked at again, since a pause may be on its way
has-the-state-which-hcops-does-not-know-442a = { $name } has the state "{ $state }", which hcops does not know
the-resumption-was-accepted-96f0 = { $told }; the resumption was accepted
sync-of-is-to-be-resumed-although-its-78b6 = Sync of { $name } is to be resumed although its state is "{ $state }".
its-page-says-what-it-is-doing-with-5f8c = { $told }. Its page says what it is doing: `{ $opened_by }`. With yes the resumption is asked for, and Connect decides.
and-nobody-wants-it-resumed-like-this-b1e8 = { $told }, and nobody wants it resumed like this.
wait-until-its-state-is-a-known-one-0657 = Wait until its state is a known one, or ask Heroku's support; then retry.
ask-connect-to-resume-sync-on-as-it-b64c = ask Connect to resume sync on { $name } as it is

## crates/actions/src/connect/resumed.rs

the-diagnosis-is-asked-for-when-the-other-9530 = the diagnosis is asked for when the other signs are there
signs-e259 = signs
where-somebody-paused-it-again-heroku-connect-resume-37f2 = where somebody paused it again, `heroku connect:resume { $options }` resumes it
when-it-stays-so-the-log-says-why-d92f = when it stays so, the log says why: `heroku logs -d herokuconnect -a { $app }`
heroku-connect-write-errors-and-heroku-connect-notificat-2828 = `heroku connect:write-errors { $options }` and `heroku connect:notifications { $options }` show all of them; a refused write is not repeated by itself.
stop-whoever-writes-to-the-former-database-what-ea57 = Stop whoever writes to the former database: what they wrote is not in the new one and has to be brought there by hand.
heroku-connect-diagnose-shows-it-with-what-to-ba56 = `heroku connect:diagnose { $options }` shows it with what to do.
where-it-has-nothing-to-do-with-the-c993 = { $remedies } Where it has nothing to do with the new database of { $name }, skip this step with that reason.

## crates/actions/src/connect/signs_by_api.rs

mapped-when-the-plan-was-made-and-not-f178 = mapped when the plan was made, and not any more: { $gone }
in-sync-912d = { $count } in sync, { $pending_spoken }
n-0-new-write-errors-0-new-notifications-0b5d = 0 new write errors, 0 new notifications
and-since-it-resumed-ac95 = { $new } and { $unread } since it resumed
new-notification-f394 = { $count } new notification
new-notifications-a4b4 = { $count } new notifications
not-diagnosed-connect-does-not-offer-it-1a0f = not diagnosed: Connect does not offer it ({ $saw })
the-diagnosis-runs-f288 = the diagnosis runs
the-diagnosis-is-begun-anew-0b23 = the diagnosis is begun anew
the-diagnosis-shows-no-error-1fa7 = the diagnosis shows no error, { $warnings }
warning-ead5 = { $count } warning
warnings-e5ae = { $count } warnings
the-diagnosis-shows-errors-7132 = the diagnosis shows errors: { $red }

## crates/actions/src/connect/signs_by_sql.rs

the-databases-are-not-looked-at-compare-is-dd73 = the databases are not looked at (compare is none)
there-is-no-former-database-it-is-the-03a1 = there is no former database: it is the same one as before
there-was-no-trigger-log-to-look-at-e102 = there was no trigger log to look at before the resumption
of-the-that-waited-at-the-resumption-are-9fb2 = { $left } of the { $open } that waited at the resumption are still open
all-that-waited-are-settled-and-new-ones-7d19 = { $open }; all { $open_2 } that waited are settled, and new ones were archived
nothing-waited-and-nothing-was-captured-since-56eb = { $open }; nothing waited and nothing was captured since
there-is-no-archive-to-look-at-a824 = { $open }; there is no archive to look at
and-nothing-was-archived-since-the-resumption-2579 = { $open }, and nothing was archived since the resumption
to-9e33 = { $table } to { $at }
no-mapped-table-has-a-newer-systemmodstamp-nothing-2552 = no mapped table has a newer systemmodstamp; nothing may have changed in Salesforce
systemmodstamp-has-moved-024e = systemmodstamp has moved: { $moved }
the-former-database-was-not-looked-at-before-6c3a = the former database was not looked at before the resumption
is-still-written-to-87a3 = { $database } is still written to: { $spoken }
nothing-was-written-to-since-connected-to-it-f55f = nothing was written to { $database } since; connected to it: { $connected }

## crates/actions/src/connect/signs_while_live.rs

and-was-idle-since-it-resumed-973b = { $now }, and was IDLE since it resumed
not-seen-in-sync-yet-since-it-resumed-a794 = not seen in sync yet since it resumed: { $missing }
were-in-sync-since-it-resumed-553d = { $count } were in sync since it resumed; { $pending }
were-in-sync-since-it-resumed-being-sent-1059 = { $count } were in sync since it resumed; { $pending }, being sent
were-in-sync-since-it-resumed-and-not-5267 = { $count } were in sync since it resumed; { $pending }, and not fewer yet

## crates/actions/src/connect/validation.rs

connect-diagnoses-f294 = Connect diagnoses { $name }
passed-950d = { $errors }, { $warnings }, { $passes } passed
error-cd5e = { $count } error
errors-6b24 = { $count } errors
check-a582 = { $count } check
checks-5a8b = { $count } checks

## crates/actions/src/connect/write_errors.rs

of-in-the-last-24-hours-c7ab = { $number } of { $name } in the last 24 hours
time-not-shown-2e0c = time not shown
log-entry-daed = { $when }  { $or_unknown } { $or_unknown_2 }  { $message }  (log entry { $id })
a-write-error-cant-be-told-again-f53c = a write error can't be told again: { $error }
what-connect-told-is-kept-with-the-run-f554 = What Connect told is kept with the run.
please-report-this-as-a-defect-of-hcops-56da = Please report this as a defect of hcops.

## crates/actions/src/leads.rs

leads-to-de61 = { $variable } leads to { $place }
is-missing-c4ec = { $variable } is missing
no-database-its-value-is-no-address-of-9743 = no database: its value is no address of one

## crates/actions/src/person/attest.rs

this-cannot-be-seen-from-here-a-person-55ea = This cannot be seen from here; a person has to vouch for it.
bring-the-world-into-the-state-that-the-0557 = Bring the world into the state that the statements describe, then answer again with yes.

## crates/actions/src/person/note.rs

no-api-shows-this-and-later-nobody-can-904b = No API shows this, and later nobody can read it any more. The answer is kept word for word.
does-not-say-what-it-is-6917 = "{ $answer }" does not say what it is.
retry-and-answer-in-words-with-none-where-db69 = Retry, and answer in words; with `none` where there is nothing to note.

## crates/actions/src/postgres/attaching.rs

of-leads-to-517c = { $name } of { $app } leads to { $name_2 }
of-leads-to-already-but-as-instead-of-09dd = { $name } of { $app } leads to { $database } already, but as { $current } instead of { $namespace }.
its-default-credential-777b = its default credential
somebody-attached-it-differently-remove-it-heroku-addons-041f = Somebody attached it differently. Remove it (`heroku addons:detach { $name } -a { $app }`) and retry.
to-nothing-6f59 = to nothing
to-c86d = to { $from }
of-leads-to-when-the-plan-was-made-8024 = { $name } of { $app } leads to { $name_2 }; when the plan was made it led { $expected }.
somebody-has-moved-it-since-find-out-why-2174 = Somebody has moved it since. Find out why (`heroku releases -a { $app }`), then move it by hand (`heroku addons:attach { $database } --as { $name } -a { $app }`) or back, and retry.
heroku-reports-a-failure-of-nothing-is-switched-eb43 = Heroku reports a failure of { $name }: "{ $message }". Nothing is switched to it.
look-at-it-with-heroku-pg-info-a-d024 = Look at it with `heroku pg:info { $name } -a { $app }` and open a ticket with Heroku's support.
make-of-lead-to-instead-of-the-app-58c3 = make { $name } of { $app }{ $through } lead to { $database } instead of { $name_2 }; the app gets a new release
attach-to-as-the-app-gets-a-new-b391 = attach { $database } to { $app } as { $name }{ $through }; the app gets a new release

## crates/actions/src/postgres/behind_by.rs

commits-0268 = commits
is-behind-waiting-for-at-most-a2e5 = { $database } is { $behind_by } behind; waiting for at most { $most }
commit-b8e9 = { $count } commit
commits-0ac0 = { $count } commits
heroku-shows-behind-by-for-which-hcops-does-e86b = Heroku shows "Behind By: { $text }" for { $database }, which hcops does not understand.
has-caught-up-with-its-leader-fc43 = Has { $database } caught up with its leader? (`{ $shown_by }`)
heroku-does-not-show-how-far-is-behind-7e06 = Heroku does not show how far { $database } is behind (no "Behind By")
it-does-not-get-the-commits-of-any-8161 = { $database } { $spoken }: it does not get the commits of { $leader } any more.
a-database-that-has-stopped-following-cannot-be-48c7 = A database that has stopped following cannot be made to follow again. Turn back (`hcops abort`) and begin anew; `{ $shown_by }` shows its state.

## crates/actions/src/postgres/cancel_upgrade.rs

cancel-the-scheduled-upgrade-of-11ef = cancel the scheduled upgrade of { $database }
there-was-nothing-to-cancel-55db = there was nothing to cancel: { $fault }
the-upgrade-of-is-under-way-and-cannot-3028 = The upgrade of { $database } is under way ("{ $message }") and cannot be cancelled any more.
wait-for-its-end-heroku-pg-upgrade-wait-5dfa = Wait for its end: `heroku pg:upgrade:wait { $database } -a { $app }`. Then look at the database, and take this run up again.

## crates/actions/src/postgres/change_plan.rs

it-may-take-hours-and-needs-no-process-0ad2 = { $message }. It may take hours and needs no process here: Ctrl-C leaves it, and `hcops resume` goes on waiting
heroku-does-not-show-just-now-f65b = Heroku does not show { $database } just now
the-plan-change-was-accepted-adb3 = the plan change was accepted
change-from-to-heroku-prepares-a-replacement-and-09b5 = change { $database } from { $from } to { $plan }: { $prices }; Heroku prepares a replacement and changes over to it
heroku-reports-a-failure-of-3d5f = Heroku reports a failure of { $database }: "{ $message }".
open-a-ticket-with-herokus-support-shows-the-3bbe = Open a ticket with Heroku's support; `{ $shown_by }` shows the database.
is-on-now-neither-nor-5755 = { $database } is on { $plan } now, neither { $from } nor { $plan_2 }.
somebody-else-has-changed-its-plan-find-out-520f = Somebody else has changed its plan. Find out who; then plan again.

## crates/actions/src/postgres/compare.rs

reading-the-structure-of-both-databases-e01d = reading the structure of both databases
comparing-contents-368c = comparing contents
looking-for-the-rows-that-differ-35f7 = looking for the rows that differ
comparing-sequences-large-objects-and-what-connect-keeps-e5c3 = comparing sequences, large objects and what Connect keeps
about-s-left-ee23 = , about { $seconds } s left
lost-connections-made-again-b9f7 = , { $retries } lost connections made again
rows-so-far-83a4 = { $phase }: { $rows } rows so far{ $left }{ $lost }
bytes-2770 = bytes
while-they-were-compared-something-was-written-bb45 = While they were compared, something was written. { $spoken }.
no-difference-was-found-but-that-holds-for-ff96 = { $remedies }No difference was found, but that holds for the moment of the snapshots only. Stop whoever writes, then retry: the comparison begins anew.

## crates/actions/src/postgres/comparing.rs

the-comparison-ended-without-a-result-5cb5 = the comparison ended without a result: { $error }
nothing-is-known-about-the-copy-then-nothing-b3f3 = Nothing is known about the copy then; nothing was changed.

## crates/actions/src/postgres/copy_exact.rs

nothing-was-written-to-or-since-the-comparison-9ddf = nothing was written to { $old } or { $new } since the comparison found no difference
is-not-an-exact-copy-of-any-more-9ec7 = { $new } is not an exact copy of { $old } any more. { $spoken }.
what-was-written-to-is-missing-in-and-4275 = { $remedies }What was written to { $old } is missing in { $new }, and nothing brings it there: turn back (`hcops abort`) and begin anew with a new copy. Before the crossing nothing is lost by that.

## crates/actions/src/postgres/copying/cancel_copy.rs

cancel-the-copy-into-dee2 = cancel the copy into { $target }
no-copy-was-under-way-6374 = no copy was under way
the-copy-was-cancelled-b55f = the copy { $transfer } was cancelled ({ $status })

## crates/actions/src/postgres/copying/copy.rs

the-copy-was-begun-as-37ae = the copy was begun as { $uuid }
the-copy-was-cancelled-2861 = the copy was cancelled
the-copy-has-ended-and-heroku-does-not-5455 = The copy { $uuid } has ended, and Heroku does not say whether it succeeded without warnings.
did-it-heroku-pg-backups-a-315e = Did it? (`heroku pg:backups -a { $app }`)
the-copy-ended-with-aa87 = The copy ended with { $warnings }
the-copy-failed-8bbb = The copy failed
copying-into-421d = copying { $source } into { $target }
its-log-ends-e4cc = { " " }Its log ends: "{ $lines }".
is-not-an-exact-copy-of-e9d7 = { $what }: { $target } is not an exact copy of { $source }.{ $log }
nothing-has-been-switched-to-it-turn-back-aecb = Nothing has been switched to it. Turn back, which removes { $target }; remove the cause (an extension that is missing in the new database, data that the default credential can't see) and begin anew.
another-database-4f59 = another database
was-copied-into-by-somebody-else-e783 = { $from } was copied into { $target } by somebody else ({ $uuid }).
whose-copy-it-is-heroku-pg-backups-a-e597 = Whose copy it is, `heroku pg:backups -a { $app }` shows. Turn back, and begin anew with another name.
copy-into-which-is-erased-first-about-3-e03e = copy { $source } into { $target }, which is erased first; about 3 minutes for each gigabyte

## crates/actions/src/postgres/copying/copyable.rs

can-be-used-where-the-app-is-7630 = can be used where the app is
no-plan-f4a5 = No plan { $target_plan } { $what }.
heroku-addons-plans-heroku-postgresql-lists-the-plans-6073 = `heroku addons:plans heroku-postgresql` lists the plans; name one as heroku-postgresql:standard-0.
databases-of-the-plan-cant-be-copied-with-db55 = Databases of the plan { $unfit } can't be copied with pg:copy.
on-shield-use-a-follower-method-follower-for-ca17 = On Shield use a follower (`--method follower`); for Advanced ask Heroku's support whether Heroku Connect works with it at all.
is-on-postgres-already-b5f0 = { $database } is on Postgres { $version } already.
name-a-newer-major-version-with-to-2c67 = Name a newer major version with --to.
is-on-postgres-and-the-copy-would-be-c70e = { $database } is on Postgres { $version }, and the copy would be on { $version_2 }.
a-copy-into-an-older-version-can-fail-2bff = A copy into an older version can fail on what is new. Name the same version or a newer one.
has-credentials-that-a-copy-does-not-take-0faa = { $database } has credentials that a copy does not take: { $names }.
a-copy-takes-what-the-default-credential-can-d106 = A copy takes what the default credential can see, and no credential. Make sure that it sees everything, then plan again with --leave-credentials { $names }. Before any app is silenced, the run then waits for each of them that an app uses to be created on the new database (`heroku pg:credentials:create NEW_DATABASE --name NAME -a APP`).
heroku-does-not-show-the-size-of-93b6 = Heroku does not show the size of { $database }.
is-smaller-than-10-gb-heroku-pg-info-3ba1 = Is { $database } smaller than 10 GB? (`heroku pg:info { $database }`)
holds-gb-copies-are-made-for-less-than-d4b5 = { $name } holds { $size } GB; copies are made for less than 10 GB.
it-would-take-hours-with-writes-off-a-de5f = It would take hours with writes off. A version is upgraded in place, or through a follower from the Standard tier on (`hcops plan version-upgrade`); about a move out of Essential ask Heroku's support.
no-plan-of-this-tier-holds-it-name-cef1 = No plan of this tier holds it: name one of another tier.
the-smallest-plan-of-this-tier-that-holds-7625 = The smallest plan of this tier that holds it is { $fitting }: name that one.
holds-gb-and-at-most-gb-1562 = { $name } holds { $size } GB, and { $plan } at most { $limit } GB.

## crates/actions/src/postgres/copying/create.rs

a-database-on-postgres-of-531e = a database on Postgres { $version } of { $app }
plan-again-with-another-name-new-name-dc00 = Plan again with another name (--new-name).
the-add-on-is-there-its-database-not-f1c6 = the add-on { $name } is there, its database not yet
it-is-on-postgres-9588 = it is on Postgres { $other }
heroku-does-not-say-in-a-form-that-c0ae = Heroku does not say in a form that hcops knows which Postgres version { $name } has.
is-on-postgres-heroku-pg-info-a-b396 = Is { $name } on Postgres { $version }? (`heroku pg:info { $name } -a { $app }`)
create-the-add-on-postgres-on-attached-as-a5ac = create the add-on { $name } ({ $plan }, Postgres { $version }) on { $app }, attached as { $alias }; it is billed from its creation on

## crates/actions/src/postgres/copying/empty.rs

is-not-empty-it-has-68f7 = { $database } is not empty: it has { $tables }.
a-copy-would-erase-them-where-that-is-fd8e = A copy would erase them. Where that is no loss, empty it (`heroku pg:reset { $database } -a { $app }`) and retry; otherwise copy into another database.
heroku-does-not-show-how-many-tables-has-e422 = Heroku does not show how many tables { $database } has.
is-empty-3bdd = Is { $database } empty? (`{ $shown_by }`)

## crates/actions/src/postgres/copying/in_use.rs

of-set-by-hand-13d4 = { $name } of { $app } (set by hand)
is-in-use-as-a-copy-would-erase-3b96 = { $database } is in use as { $users }: a copy would erase what works with it.
copy-into-a-database-that-nobody-uses-heroku-0a0e = Copy into a database that nobody uses (`heroku addons:create heroku-postgresql:PLAN -a { $owner }`); where this one is not used any more, detach it there first (`heroku addons:detach NAME -a APP`).
the-database-of-06a5 = the database of { $name } ({ $url_var })

## crates/actions/src/postgres/copying/same_tables.rs

size-not-shown-494f = size not shown
bytes-2564 = { $bytes } bytes
in-both-rows-were-not-compared-here-584c = { $tables } in both; { $source }: { $bytes }, { $target }: { $bytes_2 }; rows were not compared here
has-and-its-copy-has-686f = { $source } has { $tables }, and its copy { $target } has { $new }.
the-copy-is-not-whole-or-somebody-has-9d9a = The copy is not whole, or somebody has made or dropped tables meanwhile. Turn back and begin anew.
heroku-does-not-show-how-many-tables-the-77f1 = Heroku does not show how many tables the databases have.
are-there-as-many-in-both-heroku-pg-d41c = Are there as many in both? (`heroku pg:info { $source }`, `heroku pg:info { $target }`)

## crates/actions/src/postgres/copying/transfers.rs

herokus-answer-about-holds-no-address-a5d4 = Heroku's answer about { $database } holds no address
without-it-no-copy-can-be-asked-for-48bd = Without it no copy can be asked for or found again.
try-again-later-if-it-stays-so-ask-fc91 = Try again later; if it stays so, ask Heroku's support.

## crates/actions/src/postgres/credential.rs

create-it-heroku-pg-credentials-create-name-a-1afc = Create it: `heroku pg:credentials:create { $database } --name { $name } -a { $app }`. A copy brings no rights for it: grant them in `heroku pg:psql { $database } -a { $app }`, before the copy with ALTER DEFAULT PRIVILEGES or after it with GRANT.

## crates/actions/src/postgres/credential_there.rs

the-credential-of-is-aebb = the credential { $name } of { $database } is { $state }
has-no-credential-which-gives-the-app-would-c43a = { $database } has no credential { $name }, which { $used_by } gives. The app would stay on the old database, and what it writes there would be lost.
the-credentials-of-could-not-be-listed-dc7d = The credentials of { $database } could not be listed ({ $why }).
has-the-credential-heroku-pg-credentials-a-37cd = Has { $database } the credential { $name }? (`heroku pg:credentials { $database } -a { $app }`)

## crates/actions/src/postgres/destroy.rs

waiting-for-heroku-to-show-the-attachments-of-8076 = waiting for Heroku to show the attachments of { $database }
it-has-no-attachment-1d0f = it has no attachment { $only_if_created_as }
destroy-the-add-on-of-with-all-its-00d2 = destroy the add-on { $database } of { $app } with all its data
it-is-in-use-as-3e62 = it is in use as { $names }
is-not-destroyed-so-it-is-not-only-7e4a = { $database } is not destroyed: { $reason }, so it is not only what this run created.
see-who-uses-it-heroku-addons-info-where-d431 = See who uses it (`heroku addons:info { $database }`). Where nobody does, remove it by hand: `heroku addons:destroy { $database } -a { $app }`.

## crates/actions/src/postgres/differences.rs

large-objects-3e9d = large objects { $ids }
meanwhile-something-was-written-2c92 = meanwhile something was written: { $spoken }
the-new-database-is-not-an-exact-copy-3459 = The new database is not an exact copy of the old one: { $parts }.
connect-neither-fills-nor-mends-an-empty-or-cf3b = Connect neither fills nor mends an empty or different database: what differs would be wrong for good, and would be synced to Salesforce as it is.
a-new-follower-6ade = a new follower
a-new-copy-f929 = a new copy
default-privileges-8e62 = default privileges
settings-alter-database-set-grants-and-comments-can-17e9 = Settings (ALTER DATABASE … SET), grants and comments can be made in the new database by hand; then retry.{ " " }
materialised-views-can-be-filled-anew-in-the-1154 = Materialised views can be filled anew in the new database (REFRESH MATERIALIZED VIEW { $views }).{ " " }
look-at-the-differences-with-hcops-postgres-compare-9d6f = Look at the differences with `hcops postgres compare OLD NEW{ $follower }` (--show-values shows values). { $refresh }{ $by_hand }Where somebody still writes, stop them; what is missing in the new database does not come by itself, so turn back with `hcops abort` and begin anew with { $anew }.
there-e244 = there
missing-ffa6 = missing
in-old-in-new-14ac = { $kind } { $name }: { $old } in old, { $new } in new
is-not-the-same-2d74 = { $kind } { $name }{ $fact } is not the same
in-old-and-in-new-8a46 = { $word } { $table }, { $old } in old and { $new } in new{ $rows }
a-row-without-a-key-af26 = a row without a key
is-missing-in-new-5b3b = { $which } is missing in new
is-only-in-new-8008 = { $which } is only in new
differs-in-26a2 = { $which } differs in { $columns }
sequence-23f7 = sequence { $sequence }: { $trouble }

## crates/actions/src/postgres/drop_alias.rs

it-is-left-alone-remove-it-by-hand-7ec8 = It is left alone. Remove it by hand if nobody needs it.
of-is-the-only-attachment-of-8b48 = { $alias } of { $app } is the only attachment of { $database }.
it-is-left-alone-without-it-no-app-2bdb = It is left alone: without it no app could reach the database. Attach it under another name first.
remove-the-attachment-of-keeps-its-others-0a2d = remove the attachment { $alias } of { $app }; { $database } keeps its others
the-attachment-is-removed-1a15 = the attachment { $alias } is removed
has-no-attachment-of-this-database-486a = { $app } has no attachment { $alias } of this database

## crates/actions/src/postgres/dry_run_upgrade.rs

have-heroku-try-the-upgrade-of-to-postgres-7be8 = have Heroku try the upgrade of { $database } to Postgres { $version } on a throwaway follower; the result comes by e-mail

## crates/actions/src/postgres/extensions.rs

in-fae1 = { $name } in { $schema }
extensions-of-can-have-all-of-them-there-0160 = extensions of { $source }: { $all }; { $target } can have all of them there
and-more-7692 = { $shown }; and { $things } more
a-copy-of-into-would-fail-or-never-fb2c = A copy of { $source } into { $target } would fail, or never be equal: { $some }.
a-policy-of-may-be-made-for-public-9bf0 = A policy of { $source } may be made for PUBLIC, or for a credential that { $target } has too (`heroku pg:credentials:create { $target } --name NAME -a { $app }`); a role of the default credential is called otherwise in every database. Change the policy (`heroku pg:psql { $source } -a { $app }`, ALTER POLICY … TO …), then retry. For another encoding or collation turn back (`hcops abort`) and use another method.
a-copy-of-takes-no-grants-and-so-aa09 = A copy of { $source } takes no grants, and so it will differ: { $some }.
revoke-what-nobody-needs-heroku-pg-psql-a-4cdf = Revoke what nobody needs (`heroku pg:psql { $source } -a { $app }`) and retry; or turn back with `hcops abort` and plan again with --leave-credentials naming those roles, `public` for everybody, and grant anew in the new database once the run is over.
a-copy-of-does-not-take-this-and-fcef = A copy of { $source } does not take this, and so it will differ: { $some }.
set-the-same-in-now-heroku-pg-psql-e085 = Set the same in { $target } now (`heroku pg:psql { $target } -a { $app }`, ALTER DATABASE … SET … TO …; a copy leaves it there), or take back in { $source } what nobody needs (ALTER DATABASE … RESET …); then retry.
cannot-be-copied-into-as-it-is-d3ad = { $source } cannot be copied into { $target } as it is: { $obstacles }.
an-extension-that-lies-elsewhere-in-the-new-79b3 = An extension that lies elsewhere in the new database and is used by nothing there can be dropped (`heroku pg:psql { $target } -a { $app }`, DROP EXTENSION), so that the copy puts it where it was; then retry. One that is missing has to be given up in { $source } first. Or turn back and use another method.

## crates/actions/src/postgres/follow.rs

a-follower-of-on-32af = a follower of { $leader } on { $app }
plan-again-with-another-name-follower-name-8a5c = Plan again with another name (--follower-name).
is-being-made-and-not-ready-yet-c7ac = { $name } is being made and not ready yet
it-f85f = it { $spoken }
create-the-add-on-on-a-follower-of-7c4b = create the add-on { $name } ({ $plan }) on { $app }: a follower of { $leader }, attached as { $alias }; it is billed from its creation on

## crates/actions/src/postgres/followable.rs

is-on-the-plan-essential-databases-have-no-b230 = { $name } is on the plan { $plan }: Essential databases have no followers.
use-another-method-the-version-of-an-essential-e817 = Use another method: the version of an Essential database is upgraded in place (`heroku pg:upgrade:run { $name } --version { $to } -a { $app }`), and it moves to another tier by copying.
use-another-method-an-essential-database-changes-its-0353 = Use another method: an Essential database changes its plan within its tier by itself (`--method upgrade`), and moves to another tier by copying (`hcops plan essential-copy`).
is-on-the-plan-advanced-databases-are-followed-014d = { $name } is on the plan { $plan }: Advanced databases are followed and upgraded by other commands.
no-source-says-that-heroku-connect-supports-them-63c0 = No source says that Heroku Connect supports them. `heroku data:pg:info { $name } -a { $app }` shows it.
is-on-the-plan-which-hcops-does-not-b721 = { $name } is on the plan { $plan }, which hcops does not know.
can-databases-on-the-plan-be-followed-3615 = Can databases on the plan { $plan } be followed?
is-a-follower-itself-followers-cant-be-chained-4168 = { $name } is a follower itself: followers can't be chained.
name-the-connections-leader-database-heroku-pg-info-4b38 = Name the connection's leader database; `heroku pg:info -a { $app }` shows which one it is.
a-database-that-is-new-or-was-forked-ffcb = A database that is new, or was forked or unfollowed lately, becomes available after minutes to hours. Wait, and look with `heroku pg:info { $name } -a { $app }`.
an-upgrade-of-is-being-prepared-or-under-fe4b = An upgrade of { $name } is being prepared or under way already: "{ $message }".
let-it-end-heroku-pg-upgrade-wait-a-95bd = Let it end (`heroku pg:upgrade:wait { $name } -a { $app }`), or cancel it while it is only prepared (`heroku pg:upgrade:cancel { $name } -a { $app }`).
an-earlier-upgrade-of-failed-84b8 = An earlier upgrade of { $name } failed: "{ $message }".
ask-herokus-support-before-another-one-heroku-pg-7da2 = Ask Heroku's support before another one; `heroku pg:info { $name } -a { $app }` shows its state.
is-on-postgres-is-not-newer-d38e = { $name } is on Postgres { $version }: { $to } is not newer.
name-a-newer-major-version-with-to-heroku-3037 = Name a newer major version with --to; `heroku pg:info { $name } -a { $app }` shows the current one.
is-on-a-version-older-than-heroku-pg-33a3 = Is { $name } on a version older than { $to }? (`heroku pg:info { $name } -a { $app }`)

## crates/actions/src/postgres/info.rs

upgrade-7ec0 = Upgrade
maintenance-scheduled-for-459b = Maintenance scheduled for
follows-nothing-1732 = follows nothing
follows-behind-4e5d = follows { $place }, { $or_not_shown } behind
status-b420 = { $name }: { $or_not_shown }, { $or_not_shown_2 }, status { $or_not_shown_3 }, { $follows }

## crates/actions/src/postgres/inventory.rs

what-was-read-of-the-database-before-cant-5fe0 = what was read of the database before can't be read: { $error }
what-it-consists-of-now-cant-be-held-c236 = What it consists of now can't be held against it.
report-this-as-a-defect-of-hcops-compare-6a9f = Report this as a defect of hcops; compare by hand with the inventory that is kept in the run's evidence.
and-then-660b = { $kind } { $name }{ $fact }: { $one }, and then { $other }
consists-of-the-same-b43f = ; { $other } consists of the same
to-5527 = ; { $some } to { $other }
nothing-else-than-before-b2c5 = ; nothing else than before
is-postgresql-with-a7cb = { $database } is PostgreSQL { $version } with { $told }{ $beside }{ $rebuild }
does-not-consist-of-what-it-consisted-of-10bc = { $database } does not consist of what it consisted of before: { $shown }{ $more }.
nobody-should-have-changed-it-meanwhile-something-got-d474 = Nobody should have changed it meanwhile: something got lost, or somebody still works in it.
look-at-it-heroku-pg-psql-a-and-73bb = Look at it (`heroku pg:psql { $database } -a { $app }`) and make what is missing again, then retry; or skip this step, if you know who changed it.
the-inventory-cannot-be-written-5b9d = the inventory cannot be written: { $error }
it-is-kept-as-evidence-d428 = It is kept as evidence.

## crates/actions/src/postgres/is_follower.rs

and-not-a537 = { $database } { $spoken }, and not { $leader }.
another-database-is-meant-or-somebody-else-has-0d08 = Another database is meant, or somebody else has changed its role. `{ $shown_by }` shows it; begin anew with a follower of { $leader } (a run that is open is turned back with `hcops abort`).

## crates/actions/src/postgres/keep_alias.rs

of-leads-to-already-7b02 = { $alias } of { $app } leads to { $name } already.
the-name-was-chosen-for-see-whose-attachment-0613 = The name was chosen for { $database }. See whose attachment it is (`heroku addons -a { $app }`), remove it (`heroku addons:detach { $alias } -a { $app }`) and retry.
attach-to-as-as-well-2c5f = attach { $database } to { $app } as { $alias } as well
is-attached-as-841c = { $database } is attached as { $name }

## crates/actions/src/postgres/lag.rs

by-the-log-bf72 = { $note }; by the log { $in_bytes }
has-all-of-s-log-0-bytes-behind-9530 = { $database } has all of { $leader }'s log: 0 bytes behind at { $at }, and Heroku shows { $behind_by } behind
is-no-copy-of-the-two-servers-have-3efe = { $database } is no copy of { $leader }: the two servers have different system identifiers (pg_control_system), so the places in their logs say nothing about each other.
one-of-the-addresses-leads-to-another-server-e8d7 = One of the addresses leads to another server than Heroku says, or the follower was made of another database. Look at both (`{ $shown_by }`, `{ $shown_by_2 }`); turn back (`hcops abort`) and begin anew with a follower of { $leader }.
bytes-its-newest-transaction-s-old-cf23 = { $bytes } bytes, its newest transaction { $seconds } s old
one-of-the-two-servers-is-not-in-3522 = one of the two servers is not in its role
heroku-shows-0-commits-behind-but-by-the-dcdc = Heroku shows { $database } 0 commits behind { $leader }, but by the log it is not: { $in_bytes }
one-of-the-two-is-wrong-and-what-4307 = One of the two is wrong, and what is missing would be missing for good. Look at both (`{ $shown_by }`, `{ $shown_by_2 }`), give it time and retry; where it stays so, turn back (`hcops abort`) and ask Heroku's support.

## crates/actions/src/postgres/leading.rs

the-attachment-of-heroku-addons-attach-as-a-956e = the attachment { $name } of { $app }{ $through }: `heroku addons:attach { $successor } --as { $name } -a { $app } --confirm { $app }`
of-set-by-hand-heroku-config-set-new-eb59 = { $name } of { $app }, set by hand: `heroku config:set { $name }=NEW_ADDRESS -a { $app }`, with the address of { $successor }
unknown-for-whose-config-vars-this-account-may-e230 = unknown for { $app }, whose config vars this account may not read

## crates/actions/src/postgres/left_unwritten.rs

nothing-leads-there-any-more-but-its-own-89aa = nothing leads there any more but its own names
what-leads-there-still-is-d0b3 = what leads there still is { $leads }
nothing-was-written-to-in-minutes-ddf4 = nothing was written to { $database } in { $minutes } minutes
in-minutes-777b = in { $minutes } minutes { $spoken }
heroku-does-not-count-the-transactions-of-5949 = Heroku does not count the transactions of { $database }
is-at-transaction-8440 = { $database } is at transaction { $transaction }
whether-is-written-to-cannot-be-told-heroku-a48d = whether { $name } is written to cannot be told: Heroku does not count its transactions
heroku-counts-in-7493 = Heroku counts { $moved } in { $time }
transaction-219e = { $count } transaction
transactions-161f = { $count } transactions
see-who-it-is-stop-them-where-they-a412 = See who it is: `{ $who }`; stop them where they run.{ " " }
heroku-counts-on-in-no-more-than-the-6472 = Heroku counts { $count } on { $database } in { $time }, no more than the server's own upkeep may be (only SQL tells for certain)
what-leads-there-still-ea56 = { " " }What leads there still: { $leads }.
was-left-and-is-written-to-still-2028 = { $database } was left, and is written to still: { $what }.{ $named }
apps-and-sync-work-with-what-is-written-3b6c = Apps and sync work with { $successor }: what is written to { $database } is seen by nobody, and lost with it.
then-bring-what-they-wrote-to-by-hand-4f2b = { $stop }Then bring what they wrote to { $successor } by hand (`heroku pg:psql { $database } -a { $app }` shows it). Keep { $database } until then; a seal that is broken stays so: when nothing is missing any more, skip this step with that as the reason.
what-was-seen-of-the-silence-cannot-be-de07 = what was seen of the silence cannot be carried from step to step: { $error }
it-tells-whether-anything-was-written-since-c92f = It tells whether anything was written since.

## crates/actions/src/postgres/maintenance_clear.rs

not-announced-for-essential-0fc9 = not announced for Essential
not-required-5f20 = not required
by-pg-info-9e92 = { $line }, by pg:info
not-known-b995 = not known
none-at-all-f266 = none at all
a-maintenance-of-is-running-1757 = A maintenance of { $database } is running.
wait-for-its-end-heroku-data-maintenances-wait-ff10 = Wait for its end: `heroku data:maintenances:wait { $database } -a { $app }`.
the-status-of-the-maintenance-of-is-whether-6954 = The status of the maintenance of { $database } is { $status }: whether one is planned can't be told.
is-free-of-maintenance-for-the-next-heroku-5ef2 = Is { $database } free of maintenance for the next { $minutes }? (`heroku data:maintenances:info { $database } -a { $app }`)
a-maintenance-of-is-scheduled-for-a-time-bff8 = A maintenance of { $database } is scheduled for "{ $scheduled }", a time that cannot be read.
does-it-begin-later-than-from-now-7120 = Does it begin later than { $minutes } from now?
a-maintenance-of-is-scheduled-for-within-the-a97b = A maintenance of { $database } is scheduled for { $start }: within the next { $minutes }, in which this procedure runs.
move-it-to-a-later-window-heroku-data-f0b3 = Move it to a later window (`heroku data:maintenances:schedule { $database } -a { $app }`), or let it happen first (`heroku data:maintenances:run { $database } -a { $app }`).
no-maintenance-of-is-in-the-way-its-2c9b = no maintenance of { $database } is in the way (its status: { $status })

## crates/actions/src/postgres/major.rs

to-or-version-a879 = --to or --version
postgres-cant-be-had-5c70 = Postgres { $major } can't be had: { $why }.
take-postgres-the-default-or-another-that-is-5b30 = Take Postgres { $newest }, the default, or another that is offered ({ $option }). Should Heroku offer { $major } by now (https://devcenter.heroku.com/articles/heroku-postgres-version-support), use a newer hcops, or plan again with --majors any: then Heroku alone judges, which it does only when it is asked for it.

## crates/actions/src/postgres/move_attachment.rs

has-no-credential-which-of-gives-49c7 = { $database } has no credential { $name }, which { $name_2 } of { $app } gives.

## crates/actions/src/postgres/old_leader.rs

logical-replication-slots-publications-and-subscriptions-bff7 = Logical replication slots, publications and subscriptions of { $old } could not be read ({ $trim_end_matches }): `select * from pg_replication_slots`, `pg_publication`, `pg_subscription` in `heroku pg:psql { $old } -a { $app }`.
does-not-exist-any-more-1ea6 = { $database } does not exist any more.
what-it-costs-is-a-matter-of-contract-9542 = what it costs is a matter of contract or not shown
it-costs-us-dollars-a-month-7039 = it costs { $cents }.{ $cents_2 } US dollars a month
once-it-is-not-needed-any-more-f00c = Once it is not needed any more: `{ $command }`.
it-must-not-be-removed-yet-because-this-b130 = It must not be removed yet, because this leads to it still: { $leads }.
still-exists-attached-as-it-holds-the-data-5dc2 = { $database } still exists, attached as { $attached }; { $cost }. It holds the data as it was before the switch. { $rest }
its-followers-still-follow-it-and-do-not-af89 = { " " }Its followers still follow it and do not get what is written from now on: { $followers }. Make new ones (`heroku addons:create heroku-postgresql:PLAN --follow { $successor } -a { $app }`), move their readers, then remove them; { $database } is removed last.

## crates/actions/src/postgres/ordering.rs

another-run-perhaps-of-another-machine-made-it-f17f = another run, perhaps of another machine, made it as { $alias }
an-add-on-exists-already-but-it-should-3dca = An add-on { $name } exists already, but { $what }; it should be { $sort }.
it-is-not-taken-over-and-not-removed-c23b = It is not taken over and not removed. { $otherwise } `heroku pg:info { $name } -a { $app }` shows it.
is-there-its-attachment-does-not-show-yet-10b7 = { $name } is there, its attachment does not show yet
is-there-but-it-is-not-attached-to-eb84 = { $name } is there, but it is not attached to { $app }: no config var holds its address.
somebody-has-detached-it-attach-it-again-heroku-9d03 = Somebody has detached it. Attach it again (`heroku addons:attach { $name } --as { $alias } -a { $app }`), then retry.
its-plan-is-instead-of-343e = its plan is { $name } instead of { $plan }
heroku-could-not-create-the-database-02a0 = Heroku could not create the database { $name }: "{ $message }".
remove-it-heroku-addons-destroy-a-and-retry-0d81 = Remove it (`heroku addons:destroy { $name } -a { $app }`) and retry, or turn back.

## crates/actions/src/postgres/plan_fits.rs

to-f30c = { $from } to { $name }: { $prices }
is-on-already-81d2 = { $database } is on { $plan } already.
name-another-plan-with-plan-heroku-addons-plans-b05d = Name another plan with --plan; `heroku addons:plans heroku-postgresql` lists them.
is-on-an-essential-database-cannot-leave-its-6fbf = { $database } is on { $from }: an Essential database cannot leave its tier by a plan change.
the-documented-way-is-the-procedure-essential-copy-a396 = The documented way is the procedure `essential-copy`: create a database on { $plan }, silence the apps, pause sync, copy, switch, resume (`heroku pg:copy`).
is-on-it-cannot-be-changed-to-an-b625 = { $database } is on { $from }: it cannot be changed to an Essential plan.
create-a-database-on-and-copy-into-it-891e = Create a database on { $plan } and copy into it (`heroku pg:copy`), with the apps of { $app } silent and sync paused.
hcops-does-not-know-whether-can-be-changed-96aa = hcops does not know whether { $from } can be changed to { $plan }.
can-a-database-be-changed-from-to-by-5b1e = Can a database be changed from { $from } to { $plan } by `heroku addons:upgrade`?
heroku-offers-no-plan-7913 = Heroku offers no plan { $plan }.
name-one-whole-with-plan-offered-702a = Name one whole with --plan; offered: { $names }.
the-common-runtime-9898 = the Common Runtime
the-space-64e4 = the space { $space }
the-plan-cannot-be-used-in-12f1 = The plan { $name } cannot be used in { $place }.
name-a-plan-that-exists-there-with-plan-328f = Name a plan that exists there with --plan; `heroku addons:plans heroku-postgresql` lists them.
it-is-not-known-how-much-holds-or-39f3 = It is not known how much { $plan } holds, or how large { $database } is.
does-the-data-fit-heroku-pg-info-a-64d6 = Does the data fit? (`heroku pg:info { $database } -a { $app }`)
the-smallest-plan-of-this-tier-that-holds-339f = The smallest plan of this tier that holds it is { $fitting }: name it with --plan.
no-plan-of-this-tier-holds-it-name-de7a = No plan of this tier holds it: name one of another tier with --plan, or remove data first.
something-is-going-on-with-already-2baf = Something is going on with { $database } already: "{ $message }".
wait-for-its-end-heroku-pg-wait-a-0e70 = Wait for its end: `heroku pg:wait { $database } -a { $app }`.
open-a-ticket-with-herokus-support-first-8b8a = Open a ticket with Heroku's support first.
it-is-not-shown-1c96 = it is not shown
a-price-by-contract-0bfd = a price by contract
a-month-before-after-4826 = { $spoken } a month before, { $spoken_2 } after

## crates/actions/src/postgres/prepare_upgrade.rs

a-preparation-may-take-up-to-a-day-0446 = { $message } (a preparation may take up to a day and needs no process here)
heroku-reports-that-the-upgrade-of-failed-2a42 = Heroku reports that the upgrade of { $database } failed: "{ $message }".
nothing-is-upgraded-turn-back-with-hcops-abort-bdb1 = Nothing is upgraded. Turn back with `hcops abort`; Heroku's support can see the cause.
prepare-the-upgrade-of-to-postgres-apps-and-ebee = prepare the upgrade of { $database } to Postgres { $version }; apps and sync stay up
schedule-it-unless-it-is-run-or-cancelled-0bf3 = schedule it: unless it is run or cancelled, Heroku runs it in the next maintenance window, with apps and sync live

## crates/actions/src/postgres/promote.rs

still-follows-an-app-on-it-could-only-5330 = { $database } still follows { $place }: an app on it could only read.
upgrade-it-or-end-the-following-before-it-5e56 = Upgrade it, or end the following, before it is promoted.

## crates/actions/src/postgres/reachable.rs

read-by-sql-from-here-d045 = read by SQL from here: { $reached }
the-database-cannot-be-read-by-sql-from-bb26 = The database cannot be read by SQL from this machine. { $saw }.
run-hcops-where-the-database-can-be-reached-f486 = { $remedy } Run hcops where the database can be reached: in a one-off dyno of the app, or from an address that a private space trusts. Or do without every check by SQL, comparison included: `{ $without }`.

## crates/actions/src/postgres/readiness.rs

steps-b759 = steps
heroku-does-not-show-the-database-yet-1643 = Heroku does not show the database { $name } yet
there-is-no-add-on-or-this-account-aaea = There is no add-on { $name }, or this account may not see it.
look-at-the-add-ons-with-heroku-addons-b1a6 = Look at the add-ons with `heroku addons -a { $app }`: it may have been destroyed, or renamed.
not-ready-yet-34a5 = not ready yet
heroku-does-not-say-in-a-form-that-0f54 = Heroku does not say in a form that hcops knows whether { $database } is ready ("{ $message }").
is-ready-heroku-pg-wait-a-3f28 = Is { $database } ready? (`heroku pg:wait { $database } -a { $app }`)

## crates/actions/src/postgres/role.rs

follows-4ee7 = follows { $leader }

## crates/actions/src/postgres/rollback/create.rs

as-it-was-at-80cf = { $source } as it was at { $moment }
plan-again-with-another-name-for-the-new-3672 = Plan again with another name for the new database, or take it with --take existing.
it-comes-from-7836 = it comes from { $from }
heroku-does-not-show-what-was-made-from-9db6 = Heroku does not show what { $name } was made from.
is-it-as-it-was-at-heroku-pg-7e93 = Is it { $source } as it was at { $moment }? (`heroku pg:info { $name } -a { $app }`)
create-the-add-on-on-as-it-was-49f8 = create the add-on { $name } ({ $plan }) on { $app }: { $source } as it was at { $moment }; it is billed from its creation on

## crates/actions/src/postgres/rollback/origin.rs

was-made-from-4c18 = { $database } was made from { $source }
was-made-from-and-not-from-1fc0 = { $database } was made from { $from }, and not from { $source }.
name-the-rollback-of-this-database-with-new-694c = Name the rollback of this database with --new-name, or have one made (--take create).
somebody-says-that-was-made-from-ea4f = somebody says that { $database } was made from { $source }
was-not-made-from-3980 = { $database } was not made from { $source }.
was-it-made-from-3491 = Was it made from { $source }? (`{ $shown_by }`)
is-in-use-by-the-connection-already-somebody-6eb0 = { $database } is in use by the connection already: somebody has promoted it. What was written to the database before it since the moment can't be brought back from here, and nothing shows it to hcops any more; nor can the switch be taken back without losing what was written since.
what-is-left-is-to-load-every-mapping-d46b = What is left is to load every mapping again: pause sync (`hcops run sync-pause`), reload each mapping on the connection's page or with `heroku connect:mapping:reload`, wait for DATA_SYNCED, and resume (`hcops run sync-resume`). Save what is still wanted from the database before, while it is there.

## crates/actions/src/postgres/rollback/possible.rs

is-no-moment-56ee = "{ $moment }" is no moment.
give-it-in-utc-for-example-moment-2026-d14e = Give it in UTC, for example --moment 2026-11-22T01:30:00Z.
can-be-brought-back-as-it-was-at-7555 = { $database } can be brought back as it was at { $earliest } at the earliest, not at { $moment }.
standard-plans-keep-4-days-premium-private-and-539f = Standard plans keep 4 days, Premium, Private and Shield 7. Choose a later moment; what is older is only in backups: `heroku pg:backups`.
has-not-come-yet-197c = { $moment } has not come yet.
choose-a-past-moment-in-utc-6582 = Choose a past moment, in UTC.
unavailable-on-followers-3a05 = Unavailable on followers
cant-be-rolled-back-f976 = { $database } can't be rolled back ({ $shown }).
essential-plans-have-no-rollback-and-a-follower-8233 = Essential plans have no rollback, and a follower is rolled back through its leader. Restore a backup into a new database instead (`heroku pg:backups:restore`), and move the apps and the connection there by hand.
heroku-shows-as-the-rollback-of-which-hcops-2b23 = Heroku shows "{ $shown }" as the rollback of { $database }, which hcops does not understand.
can-it-be-rolled-back-to-that-moment-a283 = Can it be rolled back to that moment? (`{ $shown_by }`)

## crates/actions/src/postgres/rows.rs

counting-its-rows-took-longer-than-4e4c = : counting its rows took longer than{ " " }
whether-it-holds-what-it-should-is-known-d854 = { $title }{ $late }{ $limit }. Whether it holds what it should is known otherwise, or does not matter.
not-every-table-of-could-be-counted-within-d2c0 = Not every table of { $database } could be counted within { $limit }: { $shown }. Counting them again would take as long again.
look-what-keeps-the-database-busy-heroku-pg-c1b8 = Look what keeps the database busy (`heroku pg:ps { $database } -a { $app }`, `heroku pg:locks { $database } -a { $app }`), then retry; or count by hand (`heroku pg:psql { $database } -a { $app }`) and answer again with yes.
tables-d98a = tables
counting-in-so-far-59c8 = counting in { $database }: { $sum } so far
mapped-table-fd16 = mapped table
in-188f = { $database }: { $total } in { $rows }
each-with-as-many-as-before-9405 = , each with as many as before
not-counted-because-the-credential-does-not-see-5875 = ; not counted, because the credential does not see all of it or counting took too long: { $shown }
is-not-there-any-more-it-had-07a8 = { $table } is not there any more, it had { $rows }
had-and-has-9382 = { $table } had { $old } and has { $rows }
is-new-with-9be8 = { $table } is new, with { $rows }
does-not-hold-what-it-held-before-e1ca = { $database } does not hold what it held before: { $shown }.
nothing-should-have-been-written-meanwhile-so-rows-1cb6 = Nothing should have been written meanwhile, so rows were lost or somebody has written.
find-out-what-happened-to-these-tables-before-686e = Find out what happened to these tables before apps and sync write again; the numbers of before are in the run's evidence. Where the difference is explained, skip this step with that reason.

## crates/actions/src/postgres/seal.rs

within-the-s-since-the-comparison-began-e1c0 = within the { $seconds } s since the comparison began
the-seal-of-the-comparison-cannot-be-carried-5d1e = the seal of the comparison cannot be carried from step to step: { $error }
it-tells-whether-the-databases-are-still-as-341f = It tells whether the databases are still as they were compared.

## crates/actions/src/postgres/silence.rs

looked-at-once-the-second-look-follows-32c8 = looked at { $database } once; the second look follows
something-still-writes-to-8351 = something still writes to { $database }: { $spoken }
nobody-else-is-connected-66f0 = nobody else is connected
connected-without-writing-3d3b = connected without writing: { $some }
nothing-was-written-to-in-seconds-c03c = nothing was written to { $database } in { $seconds } seconds; { $visitors }
something-writes-to-within-seconds-793b = Something writes to { $database }: within { $seconds } seconds { $spoken }.
heroku-pg-ps-a-shows-who-is-connected-175e = { $remedies }`heroku pg:ps { $database } -a { $app }` shows who is connected; then retry.
how-the-silent-database-is-cannot-be-noted-500a = how the silent database is cannot be noted: { $error }
it-tells-later-whether-anything-was-written-since-f555 = It tells later whether anything was written since.

## crates/actions/src/postgres/statistics.rs

the-planner-of-knows-3559 = the planner of { $database } knows { $tables }
analyse-of-of-which-its-planner-knows-nothing-d494 = analyse { $unknown } of { $database } of which its planner knows nothing: { $some }
analysed-889b = { $analysed } analysed
the-planner-of-still-knows-nothing-of-the-3ed7 = The planner of { $database } still knows nothing of { $some }: the default credential may not analyse tables that it does not own.
have-their-owners-run-analyze-on-them-heroku-a9d7 = Have their owners run ANALYZE on them (`heroku pg:psql { $database } -a { $app } --credential NAME`), then retry; or skip this step: the first queries on these tables may be slow.

## crates/actions/src/postgres/uncompared.rs

the-new-database-5ddc = the new database
what-no-comparison-will-reach-could-not-be-9123 = what no comparison will reach could not be read: { $saw }
no-comparison-can-show-that-the-new-database-55ea = No comparison can show that the new database will hold this of { $database }: { $unseen }
expected-to-differ-9a39 = Expected to differ: { $known }
everything-in-can-be-compared-d0fb = everything in { $database } can be compared
whether-it-is-in-is-known-otherwise-or-8bc9 = { $what }: { $why }. Whether it is in { $place } is known otherwise, or does not matter.
could-not-be-compared-so-nobody-knows-whether-d0a7 = { $names } could not be compared, so nobody knows whether { $place } holds it.
let-the-credential-read-it-set-an-unlogged-1e83 = Let the credential read it, set an unlogged table to LOGGED (ALTER TABLE … SET LOGGED) before anything is copied, or find out by hand whether it is the same in both databases; then answer again with yes. Before the point of no return `hcops abort` restores what was before.

## crates/actions/src/postgres/unfollow.rs

follows-nothing-any-more-but-its-server-is-0aa0 = { $name } follows nothing any more, but its server is not ready for writes yet
heroku-reports-that-failed-after-it-stopped-following-3b88 = Heroku reports that { $name } failed after it stopped following: "{ $message }".
is-untouched-turn-back-with-hcops-abort-which-4a46 = { $leader } is untouched: turn back with `hcops abort`, which goes on with it. Heroku's support can see the cause.
end-the-following-of-it-becomes-writable-and-afc4 = end the following of { $database }: it becomes writable, and cannot be made to follow { $leader } again
and-not-it-is-not-the-follower-of-5b7a = { $database } { $spoken }, and not { $leader }: it is not the follower of this plan any more.
somebody-else-has-changed-its-role-and-what-c6e9 = Somebody else has changed its role, and what was written to { $leader } since is missing in it. Find out who; turn back with `hcops abort` and begin anew with another follower.

## crates/actions/src/postgres/untouched.rs

was-written-to-since-it-was-left-d324 = { $name } was written to since it was left: { $news }.
find-out-who-writes-an-app-whose-maintenance-c64f = Find out who writes: an app whose maintenance mode was off, a process, a one-off dyno, the connection, or whatever else has the address of { $name }. `{ $shown_by }` shows the same numbers.
have-passed-there-1ddd = { $passed } have passed there
the-number-of-its-tables-has-changed-by-ea69 = the number of its tables has changed by { $tables }
it-has-grown-by-1c48 = it has grown by { $bytes }
byte-dfb3 = { $count } byte

## crates/actions/src/postgres/unwritten.rs

nothing-was-written-to-in-the-seconds-since-c506 = nothing was written to { $name } in the { $seconds } seconds since its silence was seen
was-written-to-in-the-seconds-since-its-e346 = { $name } was written to in the { $seconds } seconds since its silence was seen: { $spoken }.
a-copy-holds-what-was-there-when-it-5f98 = { $remedies }A copy holds what was there when it began, and nothing brings the rest there: turn back (`hcops abort`) and begin anew with a new copy. Before the crossing nothing is lost by that.

## crates/actions/src/postgres/upgradable.rs

is-on-the-plan-advanced-databases-are-upgraded-172a = { $database } is on the plan { $plan }: Advanced databases are upgraded by other commands.
no-source-says-that-heroku-connect-supports-them-d8d8 = No source says that Heroku Connect supports them; ask Heroku's support.
can-databases-on-the-plan-be-upgraded-in-13d8 = Can databases on the plan { $plan } be upgraded in place?
an-upgrade-of-is-scheduled-already-heroku-runs-0faa = An upgrade of { $database } is scheduled already: Heroku runs it by itself at { $at }.
another-run-or-somebody-else-prepared-it-hcops-881b = Another run or somebody else prepared it (`hcops runs`). Let that run finish, or cancel it: { $cancelled_by }.
an-upgrade-of-is-being-prepared-or-under-5f54 = An upgrade of { $database } is being prepared or under way ("{ $message }").
wait-for-it-heroku-pg-upgrade-wait-a-1af1 = Wait for it (`heroku pg:upgrade:wait { $database } -a { $app }`), or cancel it while it is prepared: { $cancelled_by }.
is-a-follower-the-same-request-would-end-b5e0 = { $database } is a follower: the same request would end its following.
name-the-app-whose-connection-uses-the-leader-5d14 = Name the app whose connection uses the leader; followers are upgraded with it.
has-tables-with-10-000-objects-an-upgrade-8ba3 = { $name } has { $tables } tables: with 10,000 objects an upgrade may run out of memory.
try-it-first-heroku-pg-upgrade-dryrun-version-1b4f = Try it first (`heroku pg:upgrade:dryrun { $name } --version { $to } -a { $app }`) and talk to Heroku's support.

## crates/actions/src/postgres/upgrade.rs

is-on-postgres-but-not-ready-yet-462a = { $name } is on Postgres { $version }, but not ready yet
has-stopped-following-and-is-on-postgres-waiting-662e = { $name } has stopped following and is on Postgres { $version }; waiting for { $version_2 }
has-stopped-following-but-heroku-does-not-say-4a1d = { $name } has stopped following, but Heroku does not say in a form that hcops knows which version it has.
is-on-postgres-3401 = Is { $name } on Postgres { $version }? (`{ $shown_by }`)
upgrade-to-postgres-it-stops-following-becomes-writable-705a = upgrade { $database } to Postgres { $version }: it stops following { $leader }, becomes writable, and cannot be made to follow again
is-untouched-turn-back-with-hcops-abort-which-7198 = { $leader } is untouched: turn back with `hcops abort`, which goes on with it. More than 1,000 schemas or 10,000 objects are known to make an upgrade fail; Heroku's support can see the cause.
and-not-it-is-not-the-follower-of-baa5 = { $database } { $spoken }, and not { $leader }: it is not the follower of this plan.
it-is-not-upgraded-find-out-who-changed-49e5 = It is not upgraded. Find out who changed it; turn back with `hcops abort` and plan again.
follows-nothing-no-upgrade-is-under-way-and-481b = { $database } follows nothing, no upgrade is under way, and it is on Postgres { $version } instead of { $version_2 }: it was unfollowed, or its upgrade ended without success.
it-misses-what-was-written-to-since-turn-3afa = It misses what was written to { $leader } since. Turn back with `hcops abort`, which goes on with { $leader }, and begin anew.

## crates/actions/src/postgres/upgrade_in_place.rs

follows-another-database-now-the-request-would-end-9225 = { $name } follows another database now: the request would end that instead.
it-is-not-sent-find-out-who-changed-3a42 = It is not sent. Find out who changed its role; turn back with `hcops abort` and plan again.
is-on-postgres-waiting-for-044a = { $name } is on Postgres { $version }; waiting for { $version_2 }
heroku-does-not-say-in-a-form-that-aa45 = Heroku does not say in a form that hcops knows which version { $name } has.
heroku-does-not-know-it-any-more-d909 = Heroku does not know it any more
is-on-postgres-2451 = { $follower } is on Postgres { $is }
heroku-does-not-say-in-a-form-that-e71d = Heroku does not say in a form that hcops knows which version it has
is-on-postgres-waiting-for-its-followers-8a78 = { $database } is on Postgres { $version }; waiting for its followers: { $late }
upgrade-to-postgres-in-place-the-only-copy-23de = upgrade { $database } to Postgres { $version } in place: the only copy of the data is upgraded
upgrade-its-followers-with-it-bdeb = upgrade its followers with it: { $followers }
ask-herokus-support-at-once-with-the-request-113f = Ask Heroku's support at once, with the request ids of `hcops show`; apps and sync stay silent meanwhile. `{ $shown_by }` shows the database. More than 1,000 schemas or 10,000 objects are known to make an upgrade fail.
the-upgrade-of-was-accepted-nothing-is-under-44e3 = The upgrade of { $database } was accepted, nothing is under way, and it is on Postgres { $version } instead of { $version_2 }.
nothing-was-upgraded-heroku-pg-upgrade-wait-a-5208 = Nothing was upgraded. `heroku pg:upgrade:wait { $database } -a { $app }` shows what Heroku makes of it; run it by hand and answer `retry`, or bring apps and sync back by hand and begin anew.
is-on-postgres-but-its-follower-6be1 = { $database } is on Postgres { $version }, but its follower { $database_2 }: { $what }.
is-on-postgres-or-was-it-removed-on-eee9 = Is { $database } on Postgres { $version }, or was it removed on purpose? (`{ $shown_by }`)

## crates/actions/src/postgres/upgrade_scheduled.rs

heroku-runs-the-upgrade-by-itself-at-unless-7982 = { $database }: Heroku runs the upgrade by itself at { $at }, unless it is run or cancelled before
the-upgrade-has-run-it-is-on-postgres-b2a2 = { $database }: the upgrade has run, it is on Postgres { $to }
no-9390 = no
heroku-says-077e = { $database }: Heroku says "{ $said }"
heroku-says-in-which-hcops-recognises-no-schedule-cb69 = Heroku says "{ $said }", in which hcops recognises no schedule.
the-upgrade-of-is-prepared-and-scheduled-and-42e5 = The upgrade of { $database } is prepared and scheduled, and you know for when. (`heroku pg:upgrade:wait { $database } -a { $app }`)
no-upgrade-of-is-scheduled-any-more-heroku-93d6 = No upgrade of { $database } is scheduled any more: Heroku says "{ $said }".
somebody-has-cancelled-it-or-it-has-run-b2df = Somebody has cancelled it, or it has run. `heroku pg:upgrade:wait { $database } -a { $app }` and `heroku pg:info { $database } -a { $app }` show it; turn back with `hcops abort` and begin anew.
is-on-its-old-version-turn-back-with-aafa = { $database } is on its old version. Turn back with `hcops abort`; Heroku's support can see the cause.

## crates/actions/src/postgres/writable.rs

look-at-it-with-and-open-a-ticket-d760 = Look at it with `{ $shown_by }` and open a ticket with Heroku's support.
follows-and-can-only-be-read-b516 = { $name } follows { $place } and can only be read.
it-has-to-be-upgraded-or-to-stop-22c9 = It has to be upgraded, or to stop following, before anything is switched to it.
the-server-of-is-not-ready-for-writes-5790 = the server of { $name } is not ready for writes yet
ready-by-its-wait-status-ca61 = ready, by its wait status
the-status-of-is-a-database-that-can-f658 = The status of { $name } is "{ $other }"; a database that can be written to shows Available.
can-be-written-to-fc05 = Can { $name } be written to? (`{ $shown_by }`)

## crates/actions/src/quiet.rs

rows-of-more-1c04 = rows of { $tables } more
added-to-the-trigger-log-8c51 = { $rows } added to the trigger log
a-change-of-the-structure-954c = a change of the structure
a-sequence-was-advanced-or-set-0362 = a sequence was advanced or set
what-was-written-cannot-be-told-because-the-eaa5 = what was written cannot be told, because the server's statistics were reset
a-transaction-that-has-written-and-is-still-24df = a transaction that has written and is still open
that-took-an-id-by-sessions-whose-statistics-b3b3 = { $count } that took an id, by sessions whose statistics have not arrived
a-transaction-that-is-prepared-or-open-2d2f = a transaction that is prepared or open
whoever-it-was-is-not-connected-any-more-87b5 = whoever it was is not connected any more
connected-and-active-bac1 = connected and active: { $names }
role-from-process-0088 = { $application } (role { $user }, from { $address }, process { $pid })
a-program-without-a-name-f0cf = a program without a name
a-local-socket-0895 = a local socket

## crates/actions/src/releases.rs

of-leads-to-but-its-release-v-failed-d9fb = { $name } of { $app } leads to { $name_2 }, but its release v{ $version } failed, and { $wrong }.
read-its-output-heroku-releases-output-v-a-6bb0 = Read its output (`heroku releases:output v{ $version } -a { $app }`) and mend the cause. { $put_right }
release-v-of-is-pending-until-it-has-4ed2 = release v{ $version } of { $app } is pending; until it has succeeded { $wrong }
of-leads-to-but-30b4 = { $name } of { $app } leads to { $name_2 }, but { $wrong }
of-leads-to-but-2a8b = { $name } of { $app } leads to { $name_2 }, but { $wrong }.
find-out-why-heroku-releases-a-heroku-config-fa02 = Find out why (`heroku releases -a { $app }`, `heroku config:get { $url_var } -a { $app }`, which shows a password). { $put_right }
then-attach-it-anew-which-makes-the-variable-0245 = Then attach it anew (`{ $attach }`), which makes the variable and a release of its own, and retry.

## crates/actions/src/typed.rs

was-asked-to-act-on-step-but-it-186b = { $name } was asked to act on step { $step }, but it only looks
a-read-only-action-changes-nothing-so-there-a13e = A read-only action changes nothing, so there is nothing that it could do.
the-parameters-of-do-not-fit-57d6 = the parameters of { $name } do not fit: { $error }
the-plan-was-checked-when-it-was-made-7936 = The plan was checked when it was made, so this should not happen.
make-the-plan-again-if-it-happens-again-a69b = Make the plan again; if it happens again, please report it as a defect of hcops.
the-output-of-cant-be-written-7888 = the output of { $name } can't be written: { $error }
later-steps-refer-to-it-aa10 = Later steps refer to it.

## src/cli/app_name.rs

no-app-is-named-9964 = no app is named
a-procedure-is-about-one-app-neither-a-e0ca = A procedure is about one app; neither -a, -r nor HEROKU_APP names it, no git remote of this directory does, and the config file does not.
name-it-with-a-40e9 = Name it with -a.
resource-is-given-and-several-apps-are-8289 = --resource is given, and several apps are
a-connection-belongs-to-one-app-so-it-f166 = A connection belongs to one app, so it is not clear which app it is looked for on.
look-at-that-app-by-itself-880a = Look at that app by itself.

## src/cli/audience.rs

q-ends-the-watching-s-asks-the-run-74c6 = q ends the watching  s asks the run to stop

## src/cli/beforehand.rs

its-way-back-d772 = its way back
the-plan-of-this-run-d421 = the plan of this run
approve-names-and-the-plan-as-it-would-0eed = --approve names { $given }, and the plan as it would be made now is { $digest }
exactly-the-plan-that-was-reviewed-is-carried-289a = Exactly the plan that was reviewed is carried out, and this is another one; nothing was done.
look-at-the-plan-as-it-is-now-2180 = Look at the plan as it is now; with the reviewed plan's file instead of the procedure's name the difference is printed.
that-one-is-approved-already-leave-approve-out-6b60 = That one is approved already: leave --approve out.
without-approve-it-is-shown-then-approve-it-fff4 = Without --approve it is shown; then approve it by its own digest.
approve-names-and-the-digest-of-is-a3e5 = --approve names { $given }, and the digest of { $whose } is { $digest }
an-approval-is-for-exactly-one-plan-and-8035 = An approval is for exactly one plan, and this run carries out another one; nothing was done.
approve-names-which-is-the-beginning-of-the-7826 = --approve names { $given }, which is the beginning of the plan's digest and too short
so-few-characters-may-be-the-beginning-of-0e36 = So few characters may be the beginning of another plan's digest as well; nothing was done.
give-twelve-characters-of-it-at-least-or-d589 = Give twelve characters of it at least, or the whole.
note-belongs-to-the-runs-own-plan-and-0f10 = note: { $given } belongs to the run's own plan, and its way back has no use for it.
note-is-behind-this-run-answer-changes-nothing-9c24 = note: { $id } is behind this run: --answer { $id } changes nothing of what is recorded.
says-when-the-downtime-may-begin-and-this-5e4e = { $flag } says when the downtime may begin, and this plan turns no writes off
it-would-change-nothing-nothing-was-done-1a38 = It would change nothing; nothing was done.
leave-out-577f = Leave { $flag } out.
note-the-gate-is-behind-this-run-changes-fd92 = note: the gate is behind this run: { $flag } changes nothing.
does-not-say-when-the-downtime-may-begin-8c0d = { $flag } does not say when the downtime may begin: { $why }
the-run-would-stop-at-the-gate-nothing-94dd = The run would stop at the gate; nothing was done.
give-a-time-as-at-22-00-or-6f0e = Give a time as `--at 22:00`, or hours that hold the usual downtime as `--window 22:00-02:00`.
this-plan-has-no-point-of-no-return-bacf = This plan has no point of no return: leave --confirm out.
its-point-of-no-return-goes-by-e59c = Its point of no return goes by { $name }.
its-points-of-no-return-go-by-each-34ea = Its { $names } points of no return go by { $name }; each needs a --confirm of its own.
confirm-names-and-no-point-of-no-return-277b = --confirm names { $given }, and no point of no return of this plan goes by that name
it-would-open-nothing-and-the-run-would-3b44 = It would open nothing, and the run would park at the one that was meant, perhaps while writes are off; nothing was done.
did-you-mean-65ae = Did you mean { $near }?
no-step-of-this-plan-asks-a-person-27f9 = No step of this plan asks a person by itself.
steps-of-this-plan-that-ask-a-person-6330 = Steps of this plan that ask a person: { $asking }.
answer-names-the-question-and-no-step-of-1542 = --answer names the question { $id }, and no step of this plan goes by that name
it-would-answer-nothing-and-the-run-would-4c9c = It would answer nothing, and the run would park at the question that was meant, perhaps while writes are off; nothing was done.
note-the-points-of-no-return-that-go-ede0 = note: the points of no return that go by { $name } ({ $all }) are behind this run: --confirm opens nothing.
note-confirm-is-given-times-and-of-the-e06d = note: --confirm { $name } is given { $times } times, and { $left } of the points of no return ahead go by it.
note-points-of-no-return-go-by-and-dfc6 = note: { $left } points of no return go by { $name }, and each --confirm opens one; { $times } given. Without the others the run parks there.

## src/cli/checkups.rs

looking-at-the-app-dc0f = looking at the app

## src/cli/comparison.rs

comparing-contents-of-rows-53f9 = comparing contents: { $bytes } of { $bytes_in_all }, { $rows } rows
comparing-sequences-large-objects-and-connects-own-state-d41e = comparing sequences, large objects and Connect's own state
for-9444 = , for { $duration }
about-left-beae = , about { $duration } left
verdict-11e2 = verdict
compared-6fdb = { $duration }, { $bytes } compared
took-e0a6 = took
remark-1ffc = remark
structure-520c = structure
sequence-bf37 = sequence
not-compared-685a = not compared
expected-cea2 = expected
hint-b80e = hint
values-are-hidden-keys-are-not-show-values-f351 = Values are hidden, keys are not. --show-values shows the values as well.
row-5a28 = { "  " }row
more-are-not-shown-rows-shows-more-7e07 = { $rest } more are not shown; --rows shows more
pieces-had-been-read-before-and-were-not-8a85 = { $pieces } pieces had been read before and were not read again
resumed-cf8a = resumed
checkpoint-4732 = checkpoint
not-used-everything-was-read-again-1cdb = not used, everything was read again: { $why }
could-not-be-written-4792 = could not be written: { $why }
connect-5a63 = connect
tables-have-no-planner-statistics-in-new-run-b8a8 = { $without_statistics } tables have no planner statistics in new: { $without_statistics_2 }. Run ANALYZE there before the app goes live.
statistics-49d4 = statistics
extension-26f1 = extension
in-old-in-new-differing-070b = { $old } in old, { $new } in new; differing: { $ids }
large-object-7303 = large object
postgresql-collation-data-checksums-56a3 = { $place }, PostgreSQL { $version }, { $bytes }, { $encoding }, collation { $collation }, data checksums { $data_checksums }
org-of-its-own-newest-id-84e5 = { $schema }: org { $new_org }, { $mapped }, { $new_objects } of its own, { $new_open }, newest id { $newest_id }
mapped-table-0aa9 = { $count } mapped table
mapped-tables-c836 = { $count } mapped tables
open-change-d7cb = { $count } open change
open-changes-f449 = { $count } open changes
in-old-in-new-e517 = { $kind } { $name }{ $fact }: { $old } in old, { $new } in new
next-in-old-in-new-b7e5 = { $sequence }: { $trouble } (next in old { $old_next }, in new { $new_next })
rows-in-old-in-new-6dd1 = { $table }: { $old } rows in old, { $new } in new
at-least-547e = at least{ " " }
differ-9a59 = ; { $at_least }{ $differing } differ
by-c30e = ; by { $words }
differs-8d01 = { $which } differs: { $columns }
the-row-at-603e = the row at { $place }
an-unknown-place-7e50 = an unknown place
in-old-in-new-f7f4 = { $column } { $value } in old, { $value_2 } in new
hidden-bytes-0a1b = hidden ({ $bytes } bytes)

## src/cli/config/document.rs

addresses-1844 = { $self } addresses
the-config-file-5b0f = the config file
an-app-has-a-name-00b7 = an app has a name
nothing-is-named-here-fca6 = nothing is named here
is-none-of-53e9 = `{ $value }` is none of { $names }
not-known-here-c918 = not known here
nobody-can-be-told-there-3b47 = nobody can be told there: { $bad }
an-address-begins-with-https-for-slacks-form-3b10 = an address begins with https://, for Slack's form with slack+https://
runs-cant-be-kept-in-a-database-yet-2e55 = runs can't be kept in a database yet: that is not built
an-address-not-a-directory-586d = an address, not a directory
name-a-directory-leave-journal-out-for-the-13e0 = name a directory; leave `journal` out for the usual one
a-directory-must-be-named-from-the-root-70a1 = a directory must be named from the root, or begin with `~/`
it-would-be-another-directory-wherever-hcops-is-8417 = it would be another directory wherever hcops is called

## src/cli/config/mod.rs

note-others-on-this-machine-can-read-the-fafb = note: others on this machine can read the config file, and an address that notices go to may hold a token; `chmod 600` closes it

## src/cli/config/place.rs

it-is-longer-than-1-mib-which-no-0394 = it is longer than 1 MiB, which no config file of hcops is
the-config-file-is-not-utf-8-text-6472 = the config file is not UTF-8 text
here-it-stops-being-text-9985 = here it stops being text
what-it-says-is-meant-for-every-command-97ec = What it says is meant for every command, so none goes on without it; nothing was done.
the-config-file-cannot-be-read-dd97 = the config file { $path } cannot be read: { $error }
correct-its-path-and-permissions-or-name-another-2d06 = Correct its path and permissions, or name another file with HCOPS_CONFIG.
the-config-file-is-wrong-4bff = the config file { $path } is wrong
correct-what-is-shown-above-docs-config-md-b549 = Correct what is shown above; docs/config.md names every key. HCOPS_CONFIG=/dev/null leaves the file out for one command.

## src/cli/database_name.rs

is-the-address-of-a-database-3e7e = { $place } is the address of a database
holds-the-address-of-a-database-that-is-fc86 = { $given } holds the address of a database that is no add-on of { $app }
what-is-done-here-is-asked-of-heroku-07d6 = What is done here is asked of Heroku, which knows databases as add-ons. An address may hold a password, so it is not repeated.
is-neither-a-name-nor-a-database-url-3402 = { $place } is neither a name nor a database URL
it-is-not-shown-here-because-it-may-b075 = It is not shown here, because it may hold a password.

## src/cli/desk.rs

has-mb-whatever-reads-it-takes-a-little-9813 = { $path } has { $bytes } MB: whatever reads it takes a little longer
note-b319 = note: { $said }
this-takes-a-little-longer-every-wait-has-b06b = { $what }: this takes a little longer; every wait has an end

## src/cli/dispatch.rs

run-a039 = { "     " }run  { $dress }
cannot-start-a8d9 = cannot start: { $error }
timers-signals-and-the-network-need-the-operating-f8a5 = Timers, signals and the network need the operating system's help.
check-the-limits-on-open-files-and-processes-648c = Check the limits on open files and processes (`ulimit -a`).

## src/cli/document.rs

it-is-not-utf-8-text-1cf0 = it is not UTF-8 text
save-it-as-utf-8-0d5a = Save it as UTF-8.
it-is-longer-than-mb-ce16 = it is longer than { $longest } MB
check-that-this-is-the-file-that-is-07e7 = Check that this is the file that is meant.
it-is-neither-utf-8-nor-utf-16-bc70 = it is neither UTF-8 nor UTF-16 with a byte order mark
line-column-a4db = line { $line }, column { $column }
it-is-empty-3079 = it is empty
it-holds-json-but-no-object-03d9 = it holds JSON, but no object
it-is-no-json-see-73ee = it is no JSON: see { $place }
write-it-again-with-the-command-that-made-2277 = Write it again with the command that made it.
cannot-be-used-27a4 = { $path } cannot be used: { $what }
what-is-done-rests-on-it-3da5 = What is done rests on it.

## src/cli/elsewhere.rs

nobody-can-be-told-at-what-hcops-notify-3279 = nobody can be told at what $HCOPS_NOTIFY says: { $bad }
who-waits-for-a-message-that-never-comes-94e0 = Who waits for a message that never comes learns nothing of a run that needs them.
an-address-begins-with-https-for-slacks-form-df9e = An address begins with https://, for Slack's form with slack+https://.
finished-and-not-everything-was-seen-as-it-1863 = Finished, and not everything was seen as it should be{ $writes_off }.
done-f1ae = Done{ $writes_off }.
turned-back-and-what-was-before-is-restored-8fb3 = Turned back, and what was before is restored{ $writes_off }.
turned-back-but-not-everything-is-restored-398d = Turned back, but not everything is restored.
a-look-failed-b59b = A look failed.
stopped-nothing-is-lost-778a = Stopped; nothing is lost.

## src/cli/execution.rs

nothing-was-begun-and-nothing-was-changed-free-f217 = Nothing was begun and nothing was changed. Free space there, or see to its permissions, or name another place with --state-dir; then begin again.
df-h-2cff = df -h { $value }
note-a-run-of-is-not-finished-1aaa = note: a run of { $app } is not finished: { $command }
note-runs-of-are-not-finished-682f = note: { $several } runs of { $app } are not finished: { $command }
only-one-of-the-two-may-be-gone-5b8f = Only one of the two may be gone on with. Why does nobody go on with the other one?
no-process-works-on-the-other-one-and-4bc8 = No process works on the other one, and none will.
finished-and-not-everything-was-seen-as-it-bde7 = Finished, and not everything was seen as it should be.
aborted-and-what-was-before-is-restored-eb5d = Aborted, and what was before is restored{ $writes_off }.
over-a-look-failed-and-nothing-was-changed-c954 = Over: a look failed, and nothing was changed (exit { $code }).
aborted-but-not-everything-is-restored-d8d4 = Aborted, but not everything is restored.
run-is-not-finished-exit-09fa = Run { $short } is not finished (exit { $code }).
report-c5a9 = Report: { $report }
writes-were-off-for-794d = ; writes were off for { $duration }
the-run-was-opened-against-and-heroku-host-f027 = the run was opened against { $opened }, and HEROKU_HOST now leads to { $now }
the-journals-facts-are-about-the-first-place-0753 = The journal's facts are about the first place; acting on them in another could do harm.
set-heroku-host-as-it-was-when-the-24d4 = Set HEROKU_HOST as it was when the run was opened.

## src/cli/failure.rs

cannot-0515 = cannot { $verb } { $path }: { $error }
the-command-needs-this-file-e144 = The command needs this file.
check-the-path-and-its-permissions-e091 = Check the path and its permissions.
two-processes-must-never-work-on-one-run-366d = Two processes must never work on one run.
the-command-is-about-one-run-a3c2 = The command is about one run.
two-folders-of-one-run-know-nothing-of-6683 = Two folders of one run know nothing of each other: what one has finished the other would do again.
the-journal-is-the-record-of-the-run-accd = The journal is the record of the run: what is not in it is not known to have happened.
a-plan-is-made-only-from-what-is-c75e = A plan is made only from what is certain; nothing was done.
correct-it-then-try-again-62e9 = Correct it, then try again.
found-48c2 = { $count } { $value } found
problem-was-b934 = problem was
problems-were-c3b6 = problems were
correct-what-is-shown-above-1f31 = Correct what is shown above.

## src/cli/fitting_world.rs

what-this-rehearsal-is-about-240d = what this rehearsal is about

## src/cli/git_remote.rs

the-app-is-taken-from-the-remote-that-d1e2 = The app is taken from the remote that -r names.
the-app-is-taken-from-the-remote-that-afc5 = The app is taken from the remote that `git config heroku.remote` names, and from no other.
no-git-remote-called-names-a-heroku-app-4a66 = no git remote called { $wanted } names a Heroku app
remotes-that-do-or-name-the-app-itself-e968 = Remotes that do: { $listed }. Or name the app itself with -a.
several-git-remotes-name-heroku-apps-d9b4 = several git remotes name Heroku apps: { $listed }
a-procedure-is-about-one-app-and-it-d780 = A procedure is about one app, and it is not guessed which.
name-the-app-with-a-or-the-remote-0d6b = Name the app with -a, or the remote with -r.

## src/cli/in_the_way.rs

is-this-run-begun-although-another-one-is-a5e4 = Is this run begun although another one is in its way?
both-may-go-on-at-the-same-time-4f17 = Both may go on at the same time.
where-both-may-go-on-at-the-same-4105 = Where both may go on at the same time, say so: --beside { $run }.
of-two-runs-that-change-the-same-things-5858 = Of two runs that change the same things each takes what the other does for its own: one would end the other's silence, switch to its database or destroy it. Nothing was done.
since-17fd = , since { $at }
had-it-last-on-since-47d4 = ; { $by } had it last, on { $holder }, since { $at }
its-next-step-48fa = ; its next step: { $step }
run-by-of-is-not-finished-and-changes-a51c = run { $run } ({ $procedure } by { $method } of { $app }) is not finished and changes the same things, { $shared }. It is { $stands }{ $who }{ $step }
both-would-make-the-database-and-the-way-117e = Both would make the database { $name }, and the way back of one would destroy it for the other: where both may go on, choose another name for this one.
it-has-turned-writes-off-for-this-database-781b = It has turned writes off for this database, and rests on nobody else's touching it: no --beside while that lasts.
wait-until-it-is-over-or-have-it-5713 = Wait until it is over, or have it stop first: `hcops stop { $run }`.
it-has-changed-nothing-put-it-away-or-3419 = It has changed nothing: put it away (`{ $abort }`), or go on with it (`{ $resume }`).
finish-it-first-it-is-past-a-point-568b = Finish it first: it is past a point of no return, and can't be turned back.
finish-it-or-turn-it-back-first-a990 = Finish it (`{ $resume }`) or turn it back (`{ $abort }`) first.
and-it-may-be-a-run-that-changes-8948 = { $not_read }, and it may be a run that changes the same things
where-you-know-that-it-is-over-or-a03e = Where you know that it is over, or has nothing to do with this, say so: --beside { $run }.
a-run-that-cannot-be-read-is-not-bf75 = A run that cannot be read is not known to be over: it may have paused sync or turned writes off, and rest on that. Nothing was done.
by-of-0bed = { " " }({ $procedure } by { $method } of { $app })
the-journal-of-run-cannot-be-read-672f = the journal of run { $run }{ $about } cannot be read: { $saw }
another-account-of-this-machine-owns-it-as-7eee = Another account of this machine owns it, as after `sudo`: make it yours.
sudo-chown-r-d5cc = sudo chown -R { $user } { $directory }
when-what-it-did-is-known-to-be-2928 = { $remedy } When what it did is known to be over, put it away with the command below: nothing reads it there.
mv-a56d = mv { $directory } { $quoted }
and-3ae3 = { $first } and { $last }

## src/cli/methods.rs

there-is-no-such-procedure-00c0 = there is no such procedure
nothing-can-be-planned-1c50 = Nothing can be planned.
the-database-4510 = the database
change-the-database-to-one-of-these-tiers-0511 = Change the database to one of these tiers first; there is no other method.
name-another-method-2211 = Name another method: { $flags }.
is-of-tier-and-by-is-for-36e6 = { $database } is of tier { $tier }, and { $procedure } by { $method } is for { $tiers }
the-steps-of-this-method-do-not-exist-7ce1 = The steps of this method do not exist for a database of this tier: Essential has no followers, for one.
methods-8696 = Methods
this-plan-1a7f = this plan
also-possible-d5b0 = also possible
not-for-a-database-of-this-tier-20e4 = not for a database of this tier
writes-off-way-back-cost-df16 = { $method } ({ $standing }): writes off { $downtime }; way back: { $way_back }; cost: { $cost }.
method-name-chooses-another-one-de69 = { "  " }--method NAME chooses another one.

## src/cli/operations.rs

it-is-planned-shown-asked-for-and-journalled-e21e = { $examples }It is planned, shown, asked for and journalled like a procedure; `hcops resume`, `abort`, `show` and `report` know the run, and exit codes are in `hcops --help`. The same as:   hcops run { $value }{ $inputs }

## src/cli/pauses.rs

no-run-of-this-machine-paused-it-so-8b28 = no run of this machine paused it, so somebody did it in the dashboard, with another command or on another machine, or Heroku did it (a demo plan without new data for 31 days)

## src/cli/permissions.rs

the-account-has-on-the-permissions-only-and-7a89 = the account { $email } has on { $app } the permissions { $has } only, and { $needed } is needed
heroku-would-refuse-a-step-in-the-middle-ca07 = Heroku would refuse a step in the middle, with the apps silent, until somebody with more rights comes.
have-a-person-with-the-permission-manage-give-a06c = Have a person with the permission `manage` give it (`heroku access:update { $email } -a { $app } --permissions deploy,operate`), or log in with another account; then plan again.

## src/cli/planning.rs

wait-until-this-is-over-then-plan-again-b936 = Wait until this is over, then plan again.
find-out-what-it-means-before-anything-is-3609 = Find out what it means before anything is changed. { $ask }
remedy-24f1 = { "  " }remedy: { $remedy }
checks-stand-against-this-plan-bb7c = { $several } checks stand against this plan
a-procedure-begins-only-when-nothing-is-known-3256 = A procedure begins only when nothing is known to be in its way; nothing was changed.
clear-what-is-listed-above-then-plan-again-fa88 = Clear what is listed above, then plan again.
the-world-is-not-as-it-was-when-199d = the world is not as it was when this plan was made
what-was-approved-would-not-be-what-is-43c6 = What was approved would not be what is done; nothing was done.
look-at-the-difference-make-the-plan-again-991f = Look at the difference, make the plan again, and have the new one approved.

## src/cli/procedure_checks.rs

by-4375 = { $value } by { $value_2 }
checked-by-hcops-doctor-c223 = checked by hcops doctor
it-cannot-be-planned-bda5 = it cannot be planned: { $why }

## src/cli/reach.rs

asking-heroku-whose-token-it-is-3542 = asking Heroku whose token it is
note-heroku-does-not-show-whose-token-this-ae6d = note: Heroku does not show whose token this is, so the operator is told as “{ $unknown }”: { $saw }
it-is-larger-than-any-file-of-passwords-9ca4 = it is larger than any file of passwords
it-is-not-a-file-9572 = it is not a file

## src/cli/rehearsal.rs

the-rehearsals-world-cannot-be-read-c369 = the rehearsal's world cannot be read: { $error }
a-rehearsal-goes-on-in-the-world-that-a7ab = A rehearsal goes on in the world that it left; without it there is nothing to go on with.
start-a-new-rehearsal-d5b9 = Start a new rehearsal.
a-rehearsal-ends-in-the-world-of-its-9e7d = A rehearsal ends in the world of its scenario.
see-the-runs-2469 = See the runs.
this-rehearsal-had-not-begun-its-process-ended-c3ea = this rehearsal had not begun: its process ended before its world was there
nothing-was-rehearsed-and-nothing-is-lost-there-2f3b = Nothing was rehearsed and nothing is lost. There is no world in which it could go on.
begin-it-again-hcops-abort-puts-this-one-34b2 = Begin it again; `hcops abort` puts this one away.
the-databases-of-a-rehearsal-6d60 = The databases of a rehearsal
the-databases-of-rehearsals-3e3d = The databases of rehearsals
note-that-cant-be-gone-on-with-were-488d = note: { $what } that can't be gone on with were cleared away ({ $cleared }).
rehearsed-the-plan-the-questions-each-request-that-6863 = Rehearsed: the plan, the questions, each request that hcops sends and each state it waits for, in the order and with the pace that Heroku documents. A `heroku` command that is told above is what one would run for the real app, and nothing to type now.
not-rehearsed-real-rows-and-every-check-by-73d3 = Not rehearsed: real rows, and every check by SQL (no PostgreSQL server took part, so nothing was copied, compared or lost), Salesforce, other people's changes, and how long it takes with your data. `scripts/postgres` fetches servers; HCOPS_POSTGRES names folders with some.
not-rehearsed-your-schema-and-your-amount-of-ade1 = Not rehearsed: your schema and your amount of data, the real Salesforce, other people's changes, and how long it takes at Heroku.
not-rehearsed-the-fault-which-was-asked-for-3cfc = Not rehearsed: the fault `{ $fault }`, which was asked for and never struck: { $why }.
not-rehearsed-so-far-the-fault-which-was-f400 = Not rehearsed so far: the fault `{ $fault }`, which was asked for and has not struck: { $why }. It stays in force when the run goes on.

## src/cli/run_choice.rs

no-run-is-unfinished-59a7 = no run is unfinished
without-a-name-the-command-is-about-the-ecd1 = Without a name the command is about the newest run that is not finished.
name-a-run-finished-ones-can-be-shown-00f6 = Name a run; finished ones can be shown and reported on.
there-are-no-runs-c16e = there are no runs
start-one-or-rehearse-one-without-touching-anything-e457 = Start one, or rehearse one without touching anything.
fits-runs-1127 = `{ $name }` fits { $several } runs
give-more-of-the-id-as-much-as-77a0 = Give more of the id: as much as is shown above.

## src/cli/run_list.rs

running-c071 = running
parked-bbe7 = parked
interrupted-d512 = interrupted
done-a4c3 = done
aborted-a2d1 = aborted
failed-5d28 = failed
running-by-on-d35c = running, by { $by } on { $place }
running-by-on-on-asked-it-to-stop-4dcb = running, by { $by } on { $place }; { $by_2 } on { $machine } asked it to stop at { $at }, which is not in effect yet
parked-96c5 = parked: { $question }
interrupted-its-process-was-gone-after-8d7d = interrupted: its process was gone after { $newest }
interrupted-stopped-at-its-terminal-at-8861 = interrupted: stopped at its terminal at { $at }
interrupted-its-process-was-told-to-end-sigterm-7fd1 = interrupted: its process was told to end (SIGTERM) at { $at }
interrupted-its-terminal-was-closed-at-c094 = interrupted: its terminal was closed at { $at }
interrupted-on-asked-for-it-in-effect-since-cf4b = interrupted: { $by } on { $machine } asked for it, in effect since { $at }
interrupted-asked-for-in-effect-since-4989 = interrupted: asked for, in effect since { $at }
unreadable-da3c = unreadable
of-waits-for-an-answer-09a1 = { $procedure } of { $app } waits for an answer: { $question }
of-is-not-finished-and-nobody-drives-it-ce6f = { $procedure } of { $app } is not finished, and nobody drives it ({ $why })
of-goes-on-by-on-1a42 = { $procedure } of { $app } goes on, by { $by } on { $place }

## src/cli/scene.rs

it-is-suspended-as-soon-as-the-act-c2c5 = It is suspended as soon as the act in flight is over; Ctrl-Z again does not wait for it.
suspended-where-it-is-process-nothing-is-lost-3552 = Suspended where it is (process { $process }). Nothing is lost, and what Heroku has begun goes on. It still holds the run: `fg` goes on here, and these two commands go on from another terminal:
it-goes-on-and-looks-at-the-world-80c3 = It goes on, and looks at the world again first.
the-watching-is-suspended-the-run-is-not-c264 = The watching is suspended, the run is not; `fg` goes on watching.

## src/cli/servers.rs

databases-none-f722 = --databases none
databases-real-postgresql-servers-are-installed-here-8dd0 = Databases: real PostgreSQL servers ({ $majors } are installed here).
databases-simulated-only-e500 = Databases: simulated only ({ $why }).
databases-required-asks-for-real-servers-under-the-1950 = --databases required asks for real servers under the simulated databases.
fetch-servers-with-scripts-postgres-name-the-folder-2643 = Fetch servers with `scripts/postgres`, name the folder of one in HCOPS_POSTGRES, or leave --databases out.
the-databases-of-the-simulation-are-real-servers-ea83 = The databases of the simulation are real servers here, and without them it cannot go on truthfully.
correct-what-is-named-hcops-postgres-names-folders-48b9 = Correct what is named (HCOPS_POSTGRES names folders with servers), or begin without servers: --databases none.

## src/cli/settings.rs

there-is-no-place-for-runs-5fb6 = there is no place for runs: { $error }
the-journal-of-a-run-is-kept-on-ed6c = The journal of a run is kept on disk, so that another process can go on with it.
name-a-directory-with-state-dir-e964 = Name a directory with --state-dir.
runs-cannot-be-kept-in-a-database-yet-2fe9 = runs cannot be kept in a database yet: that is not built
the-address-would-be-taken-for-the-name-1177 = The address would be taken for the name of a directory.
name-a-directory-with-state-dir-hcops-state-c0b8 = Name a directory with --state-dir, HCOPS_STATE_DIR or `journal` in the config file.

## src/cli/status_screen.rs

an-unknown-region-bc09 = an unknown region
app-a172 = app
in-seen-at-467c = { $app } in { $region }, seen at { $at }
connection-b38d = connection
is-not-shown-to-this-account-f6fc = { $name } is not shown to this account
by-begun-by-at-b91b = { $procedure } by { $method }, begun by { $by } at { $both }
unfinished-9b56 = unfinished
run-a71f = run { $run }: { $begun }
whether-a-run-of-this-machine-paused-it-ad9c = whether a run of this machine paused it is not known: run { $run } cannot be read
no-processes-56f1 = no processes
release-v-7105 = , release v{ $version } { $status }
runs-3503 = { "  " }runs
maintenance-cdd9 = { $name }: maintenance { $maintenance }, { $processes }{ $release }
demo-plan-4dbb = demo plan
plan-paid-50a1 = { $plan } plan (paid)
plan-unknown-e40d = plan unknown
is-7b96 = { $name } is { $state }, { $plan }{ $version }
paused-by-at-run-510a = paused by { $by } at { $both }, run { $run }: { $reason }
uses-c607 = { "  " }uses
mappings-d1a7 = { "  " }mappings
writes-ffaf = { "  " }writes
no-config-var-5b2f = no config var
no-database-yet-7f2d = no database yet
by-a-config-var-set-by-hand-49f6 = { $addon }, by a config var set by hand
a-database-that-is-not-attached-to-the-84ff = a database that is not attached to the app
nothing-the-config-var-is-not-set-e625 = nothing: the config var is not set
not-seen-bcef = not seen
schema-4134 = { $key } ({ $leads }), schema { $schema }
at-work-b5b8 = { $working } at work
of-data-synced-42cd = { $synced } of { $all } DATA_SYNCED
wait-by-the-trigger-log-failed-14a0 = { $open } wait by the trigger log, { $failed } failed
wait-736a = { $pending } wait
how-many-wait-is-unknown-fdb6 = how many wait is unknown
refused-in-24-hours-notification-s-b477 = { $waiting }, { $errors } refused in 24 hours, { $notifications } notification(s)
of-unknown-status-4751 = of unknown status
a-follower-181f = , a follower
database-3549 = database
is-6c42 = { $name } is { $status }, { $plan }{ $role }{ $availability }
version-a146 = { "  " }version
size-4b9e = { "  " }size
unknown-b23a = unknown
follower-7b91 = { "  " }follower
behind-by-351c = { $name }, behind by { $lag }
an-unknown-lag-e879 = an unknown lag
attached-4b1d = { "  " }attached
upgrade-b37e = { "  " }upgrade
heroku-runs-it-by-itself-at-42a1 = Heroku runs it by itself at { $both }
for-ea09 = { " " }for { $both }
upkeep-bc91 = { "  " }upkeep
window-a140 = { $planned }window { $window }
rollback-57a2 = { "  " }rollback
upgrade-it-by-or-by-your-mail-from-ce20 = upgrade it by { $act_by }, { $first }, or by { $act_by_2 }, { $last }: your mail from Heroku decides; it ends on { $ends } or { $ends_2 }
no-end-announced-that-hcops-knows-of-a814 = no end announced that hcops knows of
heroku-removed-it-on-9e87 = Heroku removed it on { $on }
older-than-every-version-with-known-dates-139f = older than every version with known dates
nothing-known-of-its-end-bd4a = nothing known of its end
to-eb46 = { $both } to { $both_2 }:{ " " }
from-e1f4 = from { $both }:{ " " }
without-times-that-can-be-read-8b09 = without times that can be read:{ " " }
announced-3cf4 = announced
incident-d419 = incident
note-edb4 = note
more-to-know-hcops-doctor-a-95a6 = { $notes } more to know: `hcops doctor -a { $app }`
nothing-wants-attention-ddd1 = Nothing wants attention.
something-is-broken-now-0a05 = Something is broken now.
not-everything-could-be-looked-at-5985 = Not everything could be looked at.
something-wants-attention-13fc = Something wants attention.

## src/cli/stopping.rs

a-process-has-taken-the-run-and-does-5f5f = a process has taken the run, and does not say that it holds it
only-the-process-that-drives-a-run-can-ced8 = Only the process that drives a run can stop at a safe point.
see-who-it-is-then-ask-again-1fa1 = See who it is, then ask again.

## src/cli/told.rs

run-13b0 = { "  " }run

## src/cli/verbs/answer.rs

recorded-to-go-on-1347 = Recorded. To go on: { $command }

## src/cli/verbs/config.rs

not-set-1aef = not set
the-config-file-is-1068 = The config file is { $path }
there-is-no-config-file-it-would-be-bf83 = There is no config file; it would be { $path }
there-is-no-config-file-and-no-home-1087 = There is no config file, and no home directory where it could be
from-the-option-189c = from the option { $name }
from-the-variable-da9f = from the variable { $name }
from-a-git-remote-of-this-directory-2bcb = from a git remote of this directory
from-b45e = from { $path }:{ $line }
the-default-6d24 = the default

## src/cli/verbs/doctor.rs

making-the-checks-of-the-procedures-c558 = making the checks of the procedures
the-checks-of-the-procedures-c531 = the checks of the procedures
the-app-b4f8 = the app { $app }
the-whole-app-b330 = the whole app
no-look-from-here-tells-9113 = No look from here tells { $blind }.
ok-2689 = ok
things-were-looked-at-and-are-well-all-8193 = { $well } things were looked at and are well (--all tells them).
something-is-broken-now-d535 = { $app }: something is broken now
something-wants-attention-da75 = { $app }: something wants attention
nothing-wants-attention-4207 = { $app }: nothing wants attention
a-part-could-not-be-looked-at-and-3359 = { $seen }; a part could not be looked at, and may hide more.
why-3748 = { "  " }why
remedy-e04f = { "  " }remedy
rule-e187 = { "  " }rule

## src/cli/verbs/operation.rs

written-to-7927 = Written to { $path }.

## src/cli/verbs/plan.rs

surveying-the-app-bd32 = surveying the app
making-the-plans-own-checks-a015 = making the plan's own checks
nothing-was-changed-to-carry-it-out-cb29 = Nothing was changed. To carry it out:

## src/cli/verbs/postgres_compare.rs

asking-heroku-for-the-database-51c0 = asking Heroku for the database
the-result-cannot-be-written-as-json-2174 = the result cannot be written as JSON: { $error }
the-comparison-was-made-but-cannot-be-handed-0301 = The comparison was made, but cannot be handed on.
leave-output-json-away-and-report-this-as-c840 = Leave --output json away, and report this as a defect.

## src/cli/verbs/rehearse.rs

faults-fault-name-method-path-nth-kinds-of-d2fb = Faults (--fault NAME[@METHOD PATH#nth]):{ $faults } Kinds of drift (--fault drift:KIND[=TARGET]):{ $drifts }
a-rehearsal-begins-in-the-world-of-a-b0f8 = A rehearsal begins in the world of a scenario.
a-fault-that-cannot-strike-would-rehearse-nothing-c04a = A fault that cannot strike would rehearse nothing.
a-speed-is-a-number-greater-than-0-401f = a speed is a number greater than 0

## src/cli/verbs/report.rs

the-report-of-run-is-in-1785 = The report of run { $run } is in { $path }

## src/cli/verbs/run.rs

the-plan-is-for-and-a-names-ab45 = the plan is for { $app }, and -a names { $app_2 }
a-plan-is-about-the-app-that-it-59f4 = A plan is about the app that it was made for.
leave-a-out-or-make-a-plan-for-ebd6 = Leave -a out, or make a plan for the other app.

## src/cli/verbs/runbook.rs

by-6e0b = { $procedure }, by { $method }

## src/cli/verbs/runs.rs

there-are-no-runs-this-makes-one-without-5102 = There are no runs. This makes one without touching anything:
a-rehearsal-no-real-account-was-touched-1ce7 = * a rehearsal: no real account was touched
cannot-be-read-d404 = { $short } cannot be read: { $saw }
it-never-began-nothing-was-done-and-it-5952 = { "  " }It never began: nothing was done, and it is in nobody's way.
its-last-line-says-that-it-is-over-eec2 = { "  " }Its last line says that it is over: it is in nobody's way.

## src/cli/verbs/show.rs

next-5693 = Next:
parked-it-needs-an-answer-db9e = parked: it needs an answer
by-against-33d1 = { $moment } by { $opened_by }, against { $origin }
run-acba = run
standing-8acc = standing
opened-5023 = opened
newest-1871 = newest
plan-6487 = plan
writes-5319 = writes
journal-81dd = journal
were-off-for-f549 = were off for { $off }
off-for-at-the-newest-line-and-still-8549 = off for { $off } at the newest line, and still off
off-for-and-still-off-b1dc = off for { $off }, and still off
skipped-3895 = skipped
underway-8ba1 = underway
next-c6c1 = next
a-persons-answer-16ff = a person's answer
when-writes-may-go-off-f766 = when writes may go off: `{ $opening }`
its-effect-to-show-c2a1 = its effect to show
waits-for-since-ad19 = waits for: { $what } (since { $since })
waits-for-since-usually-02a5 = waits for: { $what } (since { $since }, usually { $duration })
no-way-leads-back-any-more-only-forward-3bc5 = No way leads back any more: { $lost } Only forward remains.
it-is-on-its-way-back-1fd1 = It is on its way back.
what-was-done-can-be-undone-8974 = What was done can be undone:

## src/cli/verbs/simulator.rs

the-simulator-begins-in-the-world-of-a-7443 = The simulator begins in the world of a scenario.
a-fault-that-cannot-strike-would-show-nothing-6a1d = A fault that cannot strike would show nothing.
cannot-serve-on-127-0-0-1-066d = cannot serve on 127.0.0.1:{ $port }: { $error }
all-of-the-simulated-heroku-is-behind-this-7b33 = All of the simulated Heroku is behind this one port.
name-another-one-with-port-or-0-for-6fcf = Name another one with --port, or 0 for any that is free.
scenario-at-ctrl-c-ends-it-e006 = Scenario { $scenario } at { $origin }. Ctrl-C ends it.

## src/cli/verbs/stop.rs

not-waited-for-any-longer-the-request-stays-fd9f = Not waited for any longer; the request stays.
it-is-still-at-work-an-act-in-67a7 = It is still at work: an act in flight is finished first. `kill { $pid }` on { $machine } is no quicker.
requested-of-on-it-stops-at-its-next-84f9 = Requested of { $by } on { $place }: it stops at its next safe point.
it-stands-still-already-9ecd = It stands still already ({ $stands }).
in-effect-it-stands-still-bd15 = In effect: it stands still ({ $stands }).

## src/cli/verbs/watch.rs

nobody-drives-it-since-0479 = Nobody drives it since { $moment }. { $told }
nobody-drives-it-since-its-process-is-gone-ace0 = Nobody drives it since { $moment }: its process is gone.
watching-q-ends-the-watching-s-asks-the-e3de = Watching: `q` ends the watching, `s` asks the run to stop at its next safe point.
not-asked-the-run-goes-on-7eb7 = Not asked; the run goes on.
the-watching-ends-the-run-goes-on-f897 = The watching ends, the run goes on.
ask-the-run-to-stop-at-its-next-a151 = Ask the run to stop at its next safe point? y/n
requested-of-on-in-effect-once-it-says-d58b = Requested of { $by } on { $place }; in effect once it says that it stopped.
it-stands-still-already-9a05 = It stands still already.

## src/cli/verbs/windows.rs

asking-the-status-sites-e335 = asking the status sites
elsewhere-7b1b = elsewhere
note-the-region-of-could-not-be-seen-cf0b = note: the region of { $app } could not be seen, so every region counts: { $saw }
overlaps-2db2 = overlaps
read-this-f233 = read this
not-read-a1ff = not read
nothing-is-announced-safe-to-start-982d = Nothing is announced. Safe to start: { $span }.
nothing-that-is-announced-overlaps-safe-to-start-e648 = Nothing that is announced overlaps. Safe to start: { $span }.
not-known-to-be-safe-906a = Not known to be safe: { $span }.
no-end-told-usually-at-most-45-minutes-91a4 = { $both }, no end told (usually at most 45 minutes)
no-times-that-a-program-can-read-6885 = no times that a program can read
without-the-status-sites-nothing-is-known-about-e404 = Without the status sites nothing is known about announced maintenance.
look-at-https-status-heroku-com-yourself-or-2d61 = Look at https://status.heroku.com yourself, or try again.

## crates/database/src/collations.rs

in-wrong-order-f7b6 = in wrong order
in-order-ca2a = in order: { $names }
not-checked-aed9 = not checked: { $names }
amcheck-says-abb9 = amcheck says: { $flatten }.
which-of-them-are-really-wrong-amcheck-would-9cc2 = Which of them are really wrong amcheck would show (`CREATE EXTENSION amcheck`, then `SELECT bt_index_check('INDEX')` for each, where the credential may); building them all again needs no proof.
are-sorted-by-the-systems-collation-library-version-874c = { $value } are sorted by the system's collation library (version { $version } for { $collation }), { $name } among them. Should the upgraded server have another version, they have to be built again (REINDEX) before they are relied on: hcops looks, and names each with the command.
n-1-index-on-text-a9f0 = 1 index on text
indexes-on-text-cde2 = { $decided } indexes on text
and-more-2df7 = { " " }and { $rebuild } more
indexes-on-text-may-be-wrong-though-every-9512 = Indexes on text may be wrong, though every row is there: they were built under version { $built_under } of the collation { $collation }, and the system has { $now } now. Build them again before anything relies on them, then record the version (`ALTER DATABASE … REFRESH COLLATION VERSION`): { $statements }{ $more }.

## crates/database/src/column.rs

double-precision-df5e = double precision
character-varying-325e = character varying

## crates/database/src/compare/beforehand.rs

sequence-ded4 = sequence { $title }
large-objects-7cb4 = large objects
the-credential-may-not-read-it-482d = the credential may not read it
row-level-security-hides-rows-from-the-credential-5f3c = row-level security hides rows from the credential
it-is-unlogged-and-holds-a-follower-never-749e = it is unlogged and holds { $rows }: a follower never gets them, so the new database starts without
a-materialised-view-the-copy-fills-it-anew-3cca = a materialised view: the copy fills it anew
n-1-row-07c3 = 1 row
more-than-rows-473a = more than { $counted } rows

## crates/database/src/compare/canonical.rs

canonical-row-hash-0a4a = canonical row hash
hash-of-the-rows-text-4c1c = hash of the row's text
row-count-59c1 = row count

## crates/database/src/compare/checkpoint.rs

it-cannot-be-read-339d = it cannot be read
another-version-of-hcops-wrote-it-2b5e = another version of hcops wrote it
it-cannot-be-shown-that-the-old-database-a492 = it cannot be shown that the old database is unchanged since
it-cannot-be-shown-that-the-new-database-2af4 = it cannot be shown that the new database is unchanged since
other-tables-are-compared-or-in-another-way-cbcc = other tables are compared, or in another way

## crates/database/src/compare/checkpoint_file.rs

another-comparison-uses-it-e98d = another comparison uses it
it-holds-something-that-hcops-did-not-write-d97c = it holds something that hcops did not write
the-checkpoint-cannot-be-used-9b0a = The checkpoint { $path } cannot be used: { $why }.
what-was-read-would-not-be-kept-there-8bff = What was read would not be kept there, and a comparison that is interrupted would begin again.
name-another-file-or-leave-the-checkpoint-away-5b2f = Name another file, or leave the checkpoint away.

## crates/database/src/compare/comparison.rs

table-0d4f = table
materialised-view-9cdd = materialised view
in-structure-6c6d = { $structure } in structure
in-connects-own-state-d800 = { $connect } in Connect's own state
no-difference-found-in-a169 = no difference found in
differences-found-looked-at-ac28 = differences found: { $found }; looked at
by-26c4 = , by { $methods }
and-connects-own-state-d93c = { " " }and Connect's own state
the-contents-of-rows-were-not-looked-at-38dd = ; the contents of rows were not looked at
and-7cc1 = { " " }and { $views }
materialised-view-160b = { $count } materialised view
materialised-views-ed75 = { $count } materialised views
and-in-structure-0a29 = { $tables }{ $also }, { $rows }{ $by }; and in structure, { $sequences }{ $connect }{ $contents }
sequence-23be = { $count } sequence
sequences-4b2f = { $count } sequences
left-out-because-nothing-can-be-missing-there-cd34 = left out, because nothing can be missing there

## crates/database/src/compare/connect_side.rs

connects-state-in-3b68 = Connect's state in { $schema }
in-e1b9 = { " " }in { $schema }
the-org-of-connect-b77d = the org of Connect{ $which }
no-such-schema-of-connect-is-in-both-d28d = no such schema of Connect is in both databases
hcmeta-names-the-org-and-the-connections-is-4f11 = _hcmeta names the org { $named }, and the connection's is { $expected }
connects-state-in-c651 = Connect's state in { $schema }.{ $table }
the-org-of-connect-in-683a = the org of Connect in { $schema }
hcmeta-does-not-name-one-470f = _hcmeta does not name one
hcmeta-names-the-org-in-old-and-in-65da = _hcmeta names the org { $old } in old and { $new } in new
on-one-side-only-fbea = ; on one side only: { $ids }
open-changes-in-the-trigger-log-in-old-6c91 = open changes in the trigger log: { $rows } in old, { $rows_2 } in new{ $which }
gives-out-next-but-log-and-archive-already-3b51 = { $sequence } gives out { $new_next } next, but log and archive already hold { $newest_id }
the-newest-systemmodstamp-is-in-old-in-new-3e95 = { $table }: the newest systemmodstamp is { $newest } in old, { $newest_2 } in new
rows-without-sfid-in-old-in-new-237d = { $table }: { $without_sfid } rows without sfid in old, { $without_sfid_2 } in new

## crates/database/src/compare/crew.rs

a-part-of-the-comparison-ended-unexpectedly-c759 = A part of the comparison ended unexpectedly: { $what }.
the-comparison-is-not-complete-a0b2 = The comparison is not complete.
report-this-nothing-was-changed-3341 = Report this; nothing was changed.

## crates/database/src/compare/locate.rs

left-200-73da = left({ $text }, 200)

## crates/database/src/compare/pairing.rs

both-databases-do-not-have-them-with-the-af66 = both databases do not have them with the same type
a-foreign-table-holds-no-rows-of-its-defc = a foreign table holds no rows of its own
the-credential-may-not-read-it-and-it-1259 = the credential may not read it, and it is empty on both sides
the-materialised-view-is-not-populated-9d84 = the materialised view is not populated
in-old-and-in-new-bring-rows-of-391d = { $version } in old and { $version_2 } in new bring rows of their own
it-belongs-to-the-extension-e1a4 = it belongs to the extension { $name }: { $why }
rows-of-that-belong-to-the-extension-c901 = rows of { $title } that belong to the extension { $name }
only-40ef = only { $quoted } { $alias }
and-1d51 = { " " }and ({ $condition })
refreshed-by-the-copy-2500 = refreshed by the copy

## crates/database/src/compare/rows.rs

a-row-without-key-hash-or-place-8eb0 = a row without key, hash or place
is-no-hash-405d = { $hash } is no hash
too-many-rows-differ-to-hold-them-in-0cac = too many rows differ to hold them in memory

## crates/database/src/compare/run.rs

data-checksums-2df4 = data checksums
the-holds-other-rows-than-in-old-as-602b = The { $word } { $table } holds other rows than in old, as expected: { $why }.
transactions-were-begun-on-the-database-while-it-d768 = Transactions were begun on the { $name } database while it was compared: what is told here holds for the moment of its snapshot only, and something may still be writing.
the-database-was-read-at-moments-because-its-a4e5 = The { $name } database was read at { $moments } moments, because its connections were lost and it had moved on before they were made again. Each table was read at one of them.
it-is-unlogged-rows-in-old-none-in-a18a = it is unlogged: { $rows } rows in old, none in new; a follower never gets its rows
both-urls-name-the-same-database-58dc = Both URLs name the same database, { $place }.
a-database-never-differs-from-itself-so-the-f22b = A database never differs from itself, so the comparison would prove nothing.
give-the-old-database-and-the-new-one-1ba8 = Give the old database and the new one.

## crates/database/src/compare/sequences.rs

it-belongs-to-an-extension-of-another-version-7fbd = it belongs to an extension of another version
it-is-values-ahead-of-the-old-one-153f = it is { $ahead } values ahead of the old one, where at most { $allowed } are expected
it-is-set-back-it-gives-out-next-c911 = it is set back: it gives out { $new } next, the old one { $old }
the-highest-value-in-is-so-none-is-55d4 = the highest value in { $column } is { $highest }, so none is given out twice
holds-none-of-these-values-or-no-index-9e67 = { $column } holds none of these values, or no index tells it
no-column-owns-it-so-make-sure-that-8280 = no column owns it, so make sure that the values in between are not in use
the-sequence-gives-out-next-and-in-the-d9d5 = The sequence { $title } gives out { $new } next, and { $old } in the old database, which jumped ahead as a server does that restarts after a crash or is failed over (values are logged { $logged_ahead } at a time): { $in_use }.

## crates/database/src/compare/tally.rs

a-tally-of-cannot-be-read-f69f = a tally of { $line } cannot be read

## crates/database/src/connect/address.rs

it-is-not-a-url-4395 = it is not a URL
it-does-not-begin-with-postgres-1a96 = it does not begin with postgres://
its-parameter-is-not-supported-10f9 = its parameter `{ $name }` is not supported
the-value-of-its-parameter-is-none-that-08ea = the value of its parameter `{ $name }` is none that PostgreSQL takes
user-password-host-port-and-name-cannot-be-c511 = user, password, host, port and name cannot be told apart in it
disable-e9d8 = disable
require-c4d0 = require
its-sslmode-is-none-of-disable-prefer-require-62af = its `sslmode` is none of disable, prefer, require, no-verify, verify-ca, verify-full
the-database-url-cannot-be-read-8cfc = The database URL cannot be read: { $what }.
without-it-the-database-cannot-be-reached-d076 = Without it the database cannot be reached.
give-a-url-of-the-form-postgres-user-27cf = Give a URL of the form postgres://USER:PASSWORD@HOST:PORT/NAME, as the app's config var holds it.

## crates/database/src/connect/encryption.rs

the-certificates-that-the-databases-url-asks-for-9473 = The certificates that the database's URL asks for cannot be used: { $what }.
without-them-the-servers-identity-cannot-be-verified-93c5 = Without them the server's identity cannot be verified, and the URL demands that it is.
correct-sslrootcert-in-the-url-or-leave-verification-a18a = Correct sslrootcert in the URL, or leave verification out with sslmode=require.

## crates/database/src/connect/plain.rs

the-server-asks-for-the-password-in-clear-c5fb = the server asks for the password in clear text

## crates/database/src/connect/refusal.rs

at-4ca0 = { $doing } at { $place }: { $said }.
hcops-reads-the-database-with-the-credential-of-a2c6 = hcops reads the database with the credential of the app's config var.
check-that-the-config-var-is-current-a-d171 = Check that the config var is current (a rotation changes it) and that the credential still exists.
what-is-to-be-read-is-not-there-226b = What is to be read is not there.
check-that-the-url-names-the-right-database-dc1a = Check that the URL names the right database and that the schema is the connection's.
all-connections-of-the-databases-plan-are-in-2386 = All connections of the database's plan are in use.
end-sessions-that-are-not-needed-or-read-8bd1 = End sessions that are not needed, or read with fewer connections at once.
the-statement-took-longer-than-the-limit-that-f639 = The statement took longer than the limit that hcops sets, so that a check never burdens the database for long.
look-what-keeps-the-database-busy-then-try-8d6d = Look what keeps the database busy, then try again.
another-session-holds-a-lock-on-what-was-4d1c = Another session holds a lock on what was to be read, and waiting for it would make others wait behind hcops.
look-who-holds-it-heroku-pg-locks-let-23dc = Look who holds it (heroku pg:locks), let it finish or end it, then try again.
the-server-broke-the-question-off-as-a-1dc3 = The server broke the question off, as a follower does when what it replays removes what is being read.
try-again-on-a-follower-when-the-leader-eead = Try again; on a follower, when the leader is quieter.
the-connection-was-lost-or-could-not-be-8263 = The connection was lost or could not be made; this says nothing about the data.
try-again-if-it-persists-look-at-the-8162 = Try again. If it persists, look at the database's state and at the network between here and there.
the-database-would-not-answer-the-question-5839 = The database would not answer the question.
correct-what-it-names-then-try-again-22b6 = Correct what it names, then try again.

## crates/database/src/connect/session.rs

there-is-no-row-8dfa = there is no row
the-server-does-not-tell-its-version-7839 = the server does not tell its version
a-question-to-the-database-failed-f7fc = A question to the database failed
hcops-lets-no-question-take-longer-than-minutes-b7ac = hcops lets no question take longer than { $as_secs } minutes.
did-not-answer-a-question-within-s-be78 = did not answer a question within { $as_secs } s
the-answer-of-cannot-be-read-d544 = The answer of { $place } cannot be read: { $what }.
hcops-does-not-guess-what-a-database-said-5426 = hcops does not guess what a database said.
report-this-with-the-servers-version-nothing-was-41c0 = Report this with the server's version; nothing was changed.
did-not-let-us-in-within-s-ceef = did not let us in within { $as_secs } s
the-connection-failed-1d94 = The connection failed
cannot-be-reached-a5cc = cannot be reached ({ $error })
a-server-that-is-reached-and-keeps-silent-a1ea = A server that is reached and keeps silent is overloaded or stuck, or something on the way holds its answers back. This says nothing about the data.
look-at-the-databases-state-heroku-pg-info-9612 = Look at the database's state (heroku pg:info, heroku pg:ps) and at the network between here and there, then try again.
asks-for-the-password-in-clear-text-on-27cb = { $place } asks for the password in clear text, on a connection without TLS.
whoever-listens-on-the-way-would-have-the-fcd9 = Whoever listens on the way would have the password. It was not sent.
demand-tls-with-sslmode-require-in-the-url-0f11 = Demand TLS with sslmode=require in the URL, or have the server check passwords by scram-sha-256.
a-connection-pooler-answers-at-c03a = A connection pooler answers at { $place }.
this-check-needs-a-server-process-of-its-4f83 = This check needs a server process of its own: one snapshot for several connections, settings and notifications do not survive in a pooler, which may give each transaction another process.
use-the-databases-own-url-from-the-config-5ff5 = Use the database's own URL, from the config var without _CONNECTION_POOL in its name.

## crates/database/src/connect/simulated.rs

is-a-simulated-database-without-a-server-behind-af5a = { $place } is a simulated database without a server behind it.
only-a-real-postgresql-server-has-rows-sessions-fa7f = Only a real PostgreSQL server has rows, sessions and a log that could be looked at.
start-the-simulator-where-postgresql-is-installed-script-9ab9 = Start the simulator where PostgreSQL is installed (`scripts/postgres` fetches servers), or leave out whatever looks into databases with `--compare none`.

## crates/database/src/extensions.rs

lies-in-the-schema-and-in-of-the-113a = { $name } lies in the schema { $schema }, and in { $other } of the new database
the-new-databases-server-has-no-b5f1 = the new database's server has no { $name }

## crates/database/src/inventory/difference.rs

how-the-subscription-reaches-its-publisher-fe51 = how the subscription { $subscription } reaches its publisher
only-a-superuser-may-read-it-ebe6 = only a superuser may read it
user-mapping-05fc = user mapping
secrets-of-the-cbd9 = secrets of the { $kind } { $name }
secrets-are-not-read-07ce = secrets are not read
not-null-constraint-e3a3 = not null constraint
schema-heroku-63c1 = schema _heroku
event-trigger-bb9d = event trigger
schema-public-to-public-4ac1 = schema public to public
character-type-50c7 = character type
collation-provider-14a5 = collation provider
collation-rules-e05f = collation rules
depends-on-a768 = depends on

## crates/database/src/inventory/queries/elsewhere.rs

where-pg-get-expr-r-prqual-r-prrelid-97f6 = ' where ' || pg_get_expr(r.prqual, r.prrelid)
two-phases-c44d = two phases
stops-on-errors-5a1c = stops on errors
needs-a-password-6897 = needs a password
runs-as-its-owner-0552 = runs as its owner

## crates/database/src/inventory/queries/rights.rs

column-8bb4 = 'column ' || { $qualified } || '.' || { $quoted }
join-pg-attribute-a-on-a-attrelid-c-21d7 = { $in_schema } join pg_attribute a on a.attrelid = c.oid and a.attacl is not null
function-pg-get-function-identity-arguments-p-oid-40ea = 'function ' || { $qualified } || '(' || pg_get_function_identity_arguments(p.oid) || ')'
type-05f3 = 'type ' || { $qualified }
and-t-typacl-is-not-null-ecb1 = { $in_schema } and t.typacl is not null
schema-76f2 = 'schema ' || { $quoted }
language-l-lanname-c8ae = 'language ' || l.lanname
foreign-data-wrapper-w-fdwname-574a = 'foreign data wrapper ' || w.fdwname
foreign-server-s-srvname-caf9 = 'foreign server ' || s.srvname
parameter-r-parname-f71c = 'parameter ' || r.parname

## crates/database/src/inventory/uncopied.rs

names-the-role-which-the-new-database-has-3b61 = { $by } names the role { $role }, which the new database has not
the-is-and-in-the-new-database-5479 = the { $name } is { $fact }, and { $fact_2 } in the new database
schema-public-ff06 = schema public
which-not-everybody-may-use-b077 = { $kind } { $name }, which not everybody may use
the-setting-2b86 = the setting { $name }

## crates/database/src/lsn.rs

is-no-place-in-the-log-0d85 = { $text } is no place in the log

## crates/database/src/past.rs

begin-read-write-commit-135b = begin read write; { $updates } commit

## crates/database/src/replication.rs

read-by-91ff = read by { $reader }
read-by-somebody-whose-name-may-not-be-1219 = read by somebody whose name may not be seen
read-by-nobody-now-02f4 = read by nobody now
has-the-logical-replication-slot-9dd5 = { $old } has the logical replication slot { $name } ({ $plugin }, { $reader })
a-major-upgrade-drops-slots-postgresql-keeps-them-3244 = { $what }: a major upgrade drops slots (PostgreSQL keeps them only from 17 on). What its reader has not got by then it never gets: make the slot again afterwards (`{ $make }` in `heroku pg:psql { $old } -a { $app }`) and let the reader begin with all rows.
the-new-database-has-not-and-its-reader-80d2 = { $what }: the new database has not, and its reader goes on with { $old }, in which nothing is written any more. Make it in the new one (`{ $make }` in `heroku pg:psql { $new } -a { $app }`), lead the reader there and let it begin with all rows; then drop it in { $old } (`select pg_drop_replication_slot('{ $name }')`), which keeps its log for it until then.
has-the-publication-and-so-will-but-whoever-516f = { $old } has the publication { $name }, and so will { $new }; but whoever subscribes to it goes on with { $old }. There: `ALTER SUBSCRIPTION … CONNECTION …` with the new address (`heroku config:get DATABASE_URL -a { $app }`) and `REFRESH PUBLICATION`.
enabled-fb9c = enabled
disabled-17eb = disabled
has-the-subscription-3eb2 = { $old } has the subscription { $name } ({ $is })
before-postgresql-17-an-upgrade-does-not-keep-afae = { $what }: before PostgreSQL 17 an upgrade does not keep how far it was. Afterwards see whether it goes on (`select * from pg_stat_subscription` in `heroku pg:psql { $old } -a { $app }`).
and-so-will-both-would-write-what-is-9ad1 = { $what }, and so will { $new }: both would write what is published elsewhere, from the same slot. Drop it in the one that is not to have it: `ALTER SUBSCRIPTION { $name } DISABLE; ALTER SUBSCRIPTION { $name } SET (slot_name = NONE); DROP SUBSCRIPTION { $name }` in `heroku pg:psql { $old } -a { $app }`, before anything is switched.
what-is-published-elsewhere-goes-on-being-written-7329 = { $what }: what is published elsewhere goes on being written to it, so it is never silent; and a copy has it disabled. Disable it first (`ALTER SUBSCRIPTION { $name } DISABLE` in `heroku pg:psql { $old } -a { $app }`) and enable it in { $new } once the run is over.

## crates/database/src/rows.rs

has-schema-privilege-n-oid-usage-and-has-bf84 = has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')     and not (c.relrowsecurity and row_security_active(c.oid))

## crates/database/src/silence.rs

stop-role-from-where-it-runs-then-end-c1da = Stop { $application } (role { $user }, from { $address }) where it runs, then end what is left of it: heroku pg:kill { $pid }
a-transaction-is-prepared-and-not-committed-pg-6a04 = A transaction is prepared and not committed (pg_prepared_xacts): whoever prepared it must commit it or roll it back.
whoever-wrote-came-and-went-between-the-looks-e1c9 = Whoever wrote came and went between the looks: look for one-off dynos, Scheduler jobs and programs outside Heroku, and look again.

## crates/engine/src/abort.rs

the-run-is-over-43d3 = the run is over ({ $verdict })
look-at-what-it-did-a-procedure-of-bffa = Look at what it did; a procedure of its own can bring back what was before.
there-is-nothing-left-to-turn-back-66bd = There is nothing left to turn back.
take-it-up-again-to-finish-the-way-2ef2 = Take it up again to finish the way back.
a-way-back-has-no-way-back-of-5431 = A way back has no way back of its own.
the-run-has-already-turned-back-ff8a = the run has already turned back
the-point-of-no-return-was-passed-at-644c = the point of no return was passed at { $at }: { $name }
what-is-lost-6f3c = What is lost: { $lost }
only-forward-remains-take-the-run-up-again-16fd = Only forward remains: take the run up again and finish it.
this-version-has-no-action-which-reverses-9c8f = this version has no action `{ $action }`, which reverses { $id }
turn-back-with-the-version-of-hcops-that-2272 = Turn back with the version of hcops that made the plan.
the-way-back-would-have-a-gap-5402 = The way back would have a gap.
take-the-run-up-again-until-this-step-e689 = Take the run up again until this step has settled, then turn back.
the-reversal-of-cannot-be-planned-7965 = the reversal of { $id } cannot be planned: { $why }
start-the-procedure-again-afterwards-674a = Start the procedure again afterwards.
not-taken-back-because-it-was-done-by-8a31 = Not taken back, because it was done by hand: { $title } ({ $way_back })
was-so-before-the-run-and-stays-so-9a12 = Was so before the run and stays so: { $title }
taken-back-together-with-09c7 = Taken back together with { $other }: { $title }
not-taken-back-db00 = Not taken back: { $title } ({ $way_back })

## crates/engine/src/answer.rs

is-not-the-digest-of-the-plan-that-8b9d = `{ $answer }` is not the digest of the plan that is to be approved
is-not-the-name-that-is-asked-for-d28a = `{ $answer }` is not the name that is asked for
does-not-answer-the-question-2c27 = `{ $answer }` does not answer the question `{ $id }`
a-reason-is-missing-for-skipping-8a2d = a reason is missing for skipping `{ $id }`
cant-be-when-the-downtime-begins-0157 = `{ $answer }` can't be when the downtime begins: { $why }
the-plan-was-not-approved-1ae4 = the plan was not approved
nothing-was-written-an-answer-counts-only-when-ca89 = Nothing was written: an answer counts only when it names exactly what it is about.
the-question-is-it-takes-705c = The question is: { $text } It takes { $takes }.
what-was-asked-for-in-your-own-words-9dfc = what was asked for, in your own words
the-plans-digest-8f4c = the plan's digest, { $digest }
the-name-or-to-be-asked-there-db56 = the name { $name }, or `{ $ask_there }` to be asked there
the-name-e1ac = the name { $name }
now-at-time-or-window-from-to-zone-a4aa = `now`, `at TIME` or `window FROM-TO@ZONE`, each with ` budget 30m` behind it
yes-no-or-a-sentence-of-your-own-20c0 = `yes`, `no` or a sentence of your own that can be nothing else than a yes
one-of-7477 = one of { $answers }
happened-or-did-not-happen-6315 = `happened` or `did-not-happen`
it-is-done-c8f0 = it is done
it-was-turned-back-4e05 = it was turned back
a-look-failed-56a0 = a look failed
the-run-is-over-at-0985 = the run is over: { $how }, at { $to_the_second }
it-asks-nothing-any-more-and-goes-on-bdb6 = It asks nothing any more and goes on with nothing; nothing was written.
see-what-it-did-what-is-still-to-e9ea = See what it did. What is still to be done needs a plan of its own: `{ $again }`.
the-answer-to-cannot-be-taken-now-baf4 = the answer to `{ $id }` cannot be taken now: { $objection }
an-answer-is-recorded-only-where-the-run-2b96 = An answer is recorded only where the run can go on from it.
take-the-run-up-again-it-asks-anew-e423 = Take the run up again; it asks anew for what it needs.
the-run-waits-for-no-answer-take-it-2c95 = The run waits for no answer; take it up again and it will say what it needs.
open-questions-of-this-run-d4a1 = Open questions of this run: { $ids }.
nothing-was-asked-under-the-name-2954 = nothing was asked under the name `{ $id }`
an-answer-is-recorded-only-for-a-question-03bb = An answer is recorded only for a question that was shown, so that the record says what it referred to.

## crates/engine/src/drive/age.rs

this-machine-slept-for-476d = this machine slept for { $spoken }
the-clock-of-this-machine-was-set-forward-535d = the clock of this machine was set forward by { $spoken }
the-clock-of-this-machine-was-set-back-03bc = the clock of this machine was set back by { $spoken }
what-was-seen-before-may-not-be-so-6d52 = What was seen before may not be so any more: everything is looked at again before anything is done.
nothing-has-to-be-done-now-a-machine-1cf5 = Nothing has to be done now. A machine that stays awake (`caffeinate`, `systemd-inhibit`) or a one-off dyno keeps the writes off for no longer than the work takes.
looking-at-the-conditions-of-the-act-took-b0ff = looking at the conditions of the act took longer than { $limit } seconds, so the first look was old
the-act-is-safe-only-while-all-of-171c = The act is safe only while all of them hold at once.
find-out-what-answers-so-slowly-the-network-d743 = Find out what answers so slowly: the network, a proxy, or a rate limit that is used up.
the-act-was-not-sent-what-it-rests-f946 = the act was not sent: what it rests on was seen too long ago
the-world-may-have-changed-since-so-everything-2f70 = The world may have changed since, so everything is looked at again first.
nothing-has-to-be-done-the-run-looks-d7b5 = Nothing has to be done: the run looks again and goes on.
min-794c = { $seconds } min
h-min-d5b8 = { $seconds } h { $seconds_2 } min

## crates/engine/src/drive/asking.rs

it-changes-nothing-ba46 = it changes nothing
the-confirmation-that-gave-does-not-count-any-3d38 = The confirmation that { $by } gave does not count any more: { $why }.
this-machine-slept-or-its-clock-was-set-8192 = this machine slept, or its clock was set, since writes went off
what-would-be-done-is-not-what-was-a6c2 = what would be done is not what was shown then
not-taken-33b5 = Not taken: { $fault }.
stopped-274b = { $title }: stopped.

## crates/engine/src/drive/driver.rs

finished-but-seen-otherwise-and-attested-by-a-e8d6 = finished, but seen otherwise and attested by a person: { $titles }
the-run-went-on-by-that-persons-word-0073 = The run went on by that person's word alone; the report has their reason and what was seen.
see-to-what-was-found-then-look-at-310b = See to what was found, then look at the app.
turned-back-but-skipped-eeea = turned back, but skipped: { $titles }
what-was-before-is-therefore-not-restored-in-f214 = What was before is therefore not restored in full.
do-what-was-skipped-by-hand-then-check-a9b2 = Do what was skipped by hand, then check the app.
hcops-was-about-to-write-a-line-that-9c1f = hcops was about to write a line that cannot follow the others: { $objection }
nothing-was-written-or-done-please-report-this-f5cb = Nothing was written or done. Please report this as a defect of hcops, with the run's report.
stopped-everything-that-was-done-is-in-the-33c1 = Stopped. Everything that was done is in the journal.
on-asks-for-it-finishing-first-ctrl-c-bcb8 = { $by } on { $machine } asks for it; finishing first: { $title } (Ctrl-C stops at once)
at-the-next-safe-point-finishing-first-ctrl-1318 = at the next safe point; finishing first: { $title } (Ctrl-C again stops at once)

## crates/engine/src/drive/gate.rs

writes-stay-on-until-when-begins-the-downtime-860e = writes stay on until { $opens }, when { $window } begins: the downtime begins then
writes-stay-on-until-the-downtime-begins-then-bbc2 = writes stay on until { $opens }: the downtime begins then

## crates/engine/src/drive/gate_questions.rs

goes-off-615a = Goes off: { $titles_of_silence }.
usually-off-for-f1cc = Usually off for { $duration }: { $shares }.
what-was-said-before-does-not-count-any-ce1b = What was said before does not count any more: { $why }.
writes-stay-on-until-then-for-days-if-bb85 = Writes stay on until then, for days if need be, and what was checked is checked again.
writes-of-go-off-here-usually-for-when-d9f6 = Writes of { $app } go off here, usually for { $duration }. When may that begin? Now (`now`), at a time (`at 22:00`), or between hours (`window 22:00-02:00`); ` budget 30m` behind it turns back when it takes longer.
the-other-steps-813b = the other steps ({ $duration })
can-be-turned-back-until-usually-after-writes-c72c = Can be turned back until: { $title }, usually { $duration } after writes went off.
can-be-turned-back-until-writes-are-back-8143 = Can be turned back until writes are back.
attested-at-and-still-to-be-so-e975 = Attested at { $to_the_second }, and still to be so: { $text }
becomes-impossible-4918 = Becomes impossible: { $told_lost }
way-back-afterwards-61c7 = Way back afterwards: { $way_back }
it-is-passed-only-while-every-condition-of-8574 = It is passed only while every condition of it is seen to hold. What is said here ends when the run stops, another process takes it up, this machine sleeps while writes are off, or one of its conditions was seen broken: then it is asked again.
when-writes-may-go-off-was-said-3047 = When writes may go off was said: `{ $opening }`
point-of-no-return-in-the-downtime-type-50dc = Point of no return{ $nth }, in the downtime: { $title }. Type { $name } for it to be passed when it is reached, or `{ $ask_there }` to be asked there.
was-said-and-nobody-can-be-asked-there-7a07 = `{ $ask_there }` was said, and nobody can be asked there: without a terminal the run would park with writes off. Resume it at a terminal to be asked there.
answer-yes-0060 = { " " }--answer { $id }=yes
the-run-goes-on-however-long-it-takes-d2ff = The run goes on, however long it takes, and this is not asked again.
the-run-turns-back-writes-come-back-and-7794 = The run turns back: writes come back, and what was before is restored.
writes-of-have-been-off-for-and-the-8b76 = Writes of { $app } have been off for { $off }, and the budget is { $budget }. Go on?
until-the-point-of-no-return-it-usually-2aac = Until the point of no return it usually takes { $left } from here.
without-an-answer-the-run-turns-back-as-bafb = Without an answer the run turns back, as the budget has it.

## crates/engine/src/drive/looking.rs

at-it-was-broken-fc2e = at { $to_the_second } it was broken: { $saw }
that-it-is-kept-again-brings-back-nothing-d569 = That it is kept again brings back nothing of what was written meanwhile.
there-is-no-hold-5018 = there is no hold `{ $name }`
has-another-effect-in-this-version-than-in-af06 = `{ $action }` has another effect in this version than in the plan
there-is-no-action-572a = there is no action `{ $action }`

## crates/engine/src/drive/names.rs

the-is-called-now-somebody-has-renamed-it-a9c8 = the { $what } { $was } is called { $now } now: somebody has renamed it since this run began or was planned
the-steps-of-this-run-go-by-the-2369 = The steps of this run go by the name { $was }; under another one nothing of it can be seen or changed.
give-the-its-name-back-then-take-the-7cdf = Give the { $what } its name { $was } back, then take the run up again; rename it when the run is over.

## crates/engine/src/drive/questions.rs

what-was-asked-for-in-words-e046 = 'what was asked for, in words'
reason-why-it-can-be-left-out-c798 = { $answer } --reason 'why it can be left out'
this-is-a-rehearsal-a-heroku-command-is-0d19 = This is a rehearsal: a `heroku` command is what one would run for the real app, and nothing to type now.
for-the-real-app-7af3 = For the real app:{ " " }
carry-out-this-plan-for-bf9d = Carry out this plan for { $app }?
turn-back-and-restore-what-was-before-on-64fe = Turn back, and restore what was before on { $app }?
nothing-that-is-not-impossible-already-since-a-14fc = Nothing that is not impossible already, since a point of no return is behind the run: { $lost }
point-of-no-return-type-to-go-on-0085 = Point of no return{ $nth }: { $title }. Type { $name } to go on.
just-observed-holds-b5c0 = Just observed: { $hold } holds ({ $why })
just-observed-holds-0a27 = Just observed: { $hold } holds
already-behind-the-run-and-not-to-be-5ba4 = Already behind the run, and not to be undone: point of no return{ $nth }, { $title }, at { $to_the_second }
leaving-here-writes-stay-off-until-the-run-6d8f = Leaving here: writes stay off until the run goes on (`{ $resume }`) or is turned back (`{ $abort }`).
leaving-here-writes-stay-off-and-the-run-611e = Leaving here: writes stay off, and the run can no longer be turned back: only `{ $resume }` leads on.
leaving-here-the-run-waits-it-can-go-454e = Leaving here: the run waits; it can go on (`{ $resume }`) or be turned back (`{ $abort }`).
leaving-here-the-run-waits-and-can-no-4d41 = Leaving here: the run waits, and can no longer be turned back: only `{ $resume }` leads on.
is-this-so-6e9d = { $title }: is this so?
was-shown-then-080f = Was shown then: { $one }
the-answer-was-about-something-else-and-does-dc9e = The answer "{ $answer }" was about something else, and does not count any more.
if-it-did-not-take-place-it-will-0ce4 = If it did not take place it will be done; if it did, its effect is waited for.
the-act-was-interrupted-and-the-world-shows-617a = { $title }: the act was interrupted and the world shows no sign of it. Did it take place?
it-was-said-to-be-done-by-hand-b358 = It was said to be done by hand, and no look tells whether it is so.{ " " }
what-was-seen-says-otherwise-so-the-run-cfa4 = { " " }What was seen says otherwise, so the run ends as a failed verification (exit 15).
where-you-have-seen-for-yourself-that-it-c5cb = { $unread }Where you have seen for yourself that it is so, or have seen to it: `skip` with a reason attests it. It is recorded under your name, and nothing looks at it again.{ $verdict }
this-takes-longer-than-the-limit-of-7ce2 = { $title }: this takes longer than the limit of { $duration }.
something-must-be-changed-first-8142 = { $title }: something must be changed first.
what-was-seen-cannot-be-understood-from-here-bed4 = { $title }: what was seen cannot be understood from here.
the-state-could-not-be-read-d9ee = { $title }: the state could not be read.
it-failed-3add = { $title }: it failed.
it-was-tried-several-times-without-success-24ef = { $title }: it was tried several times without success.
it-was-said-to-be-done-by-hand-5690 = { $title }: it was said to be done by hand, and the world does not show it.
hcops-contradicts-itself-here-b31f = { $title }: hcops contradicts itself here.
a-difference-was-found-e984 = { $title }: a difference was found.
this-is-not-supported-a918 = { $title }: this is not supported.
what-is-asked-answers-that-it-is-not-c6e6 = { $title }: what is asked answers that it is not available now.
what-is-asked-cant-be-reached-from-here-99e8 = { $title }: what is asked can't be reached from here.
find-out-54d5 = Find out: { $ask }
it-usually-takes-wait-on-or-find-out-c705 = It usually takes { $duration }. Wait on, or find out why it takes longer.
look-at-the-steps-state-then-take-the-f8ab = Look at the step's state, then take the run up again.
not-begun-because-this-no-longer-holds-6027 = { $title }: not begun, because this no longer holds: { $names }.
it-protects-4563 = { $name } (it protects: { $why })
going-on-would-lose-it-bb8f = Going on would lose it: { $lost }
who-could-have-changed-it-anybody-with-access-cb00 = Who could have changed it: anybody with access to { $app } (`heroku access -a { $app }`), a deploy or config change (`heroku releases -a { $app }`), or Heroku itself (`heroku status`).
the-act-is-safe-only-while-these-conditions-dda4 = The act is safe only while these conditions hold.
find-out-who-changed-it-bring-it-back-c4b6 = Find out who changed it, bring it back, then take the run up again; or turn back with `hcops abort`.
find-out-who-changed-it-bring-it-back-de6a = Find out who changed it, bring it back, then take the run up again. Where it cannot be brought back, do by hand what this step would do, and attest that with `skip` and a reason.
find-out-who-changed-it-bring-it-back-d99b = Find out who changed it, bring it back, then take the run up again.
what-was-written-to-the-old-database-since-bc19 = What was written to the old database since it was followed or copied is missing in the new one, and keeping the condition again brings nothing of it there.
silence-the-writer-first-then-turn-back-restores-ebea = Silence the writer first. Then turn back: `{ $abort }` restores what was before, and the old database has everything. Where the databases themselves prove that nothing was written, the run goes on by itself when it is taken up.
the-point-of-no-return-is-behind-this-4fd2 = The point of no return is behind this run. Keep the writer silent, see what is missing with the command that compares, and bring it over by hand.
seen-it-is-as-the-step-wants-it-f7ce = Seen: it is as the step wants it.
would-do-06d4 = Would do: { $change }
of-1e46 = { " " }({ $done } of { $of } { $unit })
intent-written-at-bd08 = Intent { $attempt } written at { $to_the_second }: { $will }
seen-at-5bec = Seen at { $at }: { $output }
read-by-sql-0fb9 = Read by SQL: { $database }
no-answer-ad03 = no answer
request-status-id-3e8e = Request: { $method } { $target }, status { $status }, id { $id }
it-is-as-it-should-be-looking-again-d78f = it is as it should be; looking again to see that it stays so
the-act-was-made-its-effect-does-not-09db = the act was made; its effect does not show yet
the-plan-cannot-be-carried-out-2c09 = the plan cannot be carried out: { $why }
a-plan-is-checked-when-it-is-made-95f6 = A plan is checked when it is made, so it was probably made by another version of hcops.
go-on-with-the-version-that-made-the-c521 = Go on with the version that made the plan, or make a new plan.
rests-on-what-shows-and-a-person-attested-2a74 = "{ $title }" rests on what "{ $title_2 }" shows, and a person attested or left that out
look-for-yourself-whether-it-is-so-or-ec3b = Look for yourself whether it is so, or do by hand what this step would do. Then leave it out with a reason that says what you have seen.
only-looks-and-step-has-nothing-left-to-d5b2 = `{ $action }` only looks, and step { $id } has nothing left to look for
an-action-that-changes-nothing-must-say-what-bb7a = An action that changes nothing must say what it waits for, what blocks it, or what is unclear.

## crates/engine/src/drive/unanswered.rs

what-was-asked-has-not-answered-yet-42e7 = what was asked has not answered yet
looking-took-longer-than-s-without-an-end-f8fb = looking took longer than { $as_secs } s without an end, so it was given up
what-is-asked-has-to-answer-within-the-638d = What is asked has to answer within the time that the step has; it was only a look, so nothing has changed.
find-out-what-answers-so-slowly-the-network-d5d5 = Find out what answers so slowly: the network, a proxy, the database, or Heroku (https://status.heroku.com).

## crates/health/src/advice.rs

less-than-a-minute-95d4 = less than a minute
in-e6cc = in { $days }
day-0501 = { $count } day
days-4dc5 = { $count } days
ago-2621 = { $from } ago

## crates/health/src/grade.rs

attention-e078 = attention
broken-f526 = broken

## crates/health/src/rules/announced.rs

whether-heroku-has-announced-maintenance-for-this-part-8168 = whether Heroku has announced maintenance for this part of the world
while-connect-is-offline-nothing-is-synced-and-77f6 = While Connect is offline nothing is synced and nothing can be paused, resumed or configured; it cannot be moved by customers.
whether-an-incident-goes-on-at-heroku-7546 = whether an incident goes on at Heroku
what-looks-broken-may-be-herokus-and-what-6b57 = What looks broken may be Heroku's, and what is begun during an incident may end half-way.
no-maintenance-is-announced-that-is-still-to-007c = no maintenance is announced that is still to come
an-incident-goes-on-at-heroku-b032 = an incident goes on at Heroku: { $title }
begin-no-maintenance-until-it-is-over-https-c0ea = Begin no maintenance until it is over: https://status.heroku.com
it-goes-on-now-49dd = it goes on now
heroku-has-announced-from-to-1e5a = Heroku has announced "{ $title }" from { $utc } to { $utc_2 }, { $when }
keep-your-own-maintenance-away-from-it-3235 = Keep your own maintenance away from it.
heroku-has-announced-without-times-that-a-program-9ec5 = Heroku has announced, without times that a program can read: { $text }
read-it-and-judge-for-yourself-when-that-d2bb = Read it, and judge for yourself when that is.

## crates/health/src/rules/api_version.rs

whether-salesforce-keeps-the-version-of-its-api-663a = whether Salesforce keeps the version of its API that the connection uses
salesforce-refuses-calls-with-a-version-that-it-be23 = Salesforce refuses calls with a version that it has removed. A connection keeps its version until somebody changes it, and that takes a pause, and perhaps fields that have to be mapped anew.
uses-version-of-the-salesforce-api-5669 = { $name } uses version { $version } of the Salesforce API
no-end-of-it-was-announced-as-of-7c8a = { $saw }; no end of it was announced as of { $as_of }
which-salesforce-retired-with-its-release-it-refuses-892c = { $saw }, which Salesforce retired with its { $with } release: it refuses calls with it
it-may-be-gone-any-day-now-ff21 = : it may be gone any day now
which-salesforce-deprecates-with-its-summer-27-release-15be = { $saw }, which Salesforce deprecates with its Summer '27 release, from May 2027 on, and removes with Summer '28, from May 2028 on{ $now }
see-what-a-newer-version-would-change-the-c778 = See what a newer version would change: the command below shows it and changes nothing. Then pause sync (`hcops run sync-pause { $on }`), give the same command with `--confirm { $app }`, and resume sync (`hcops run sync-resume { $on }`): Connect changes the version only of a connection that is PAUSED, and it stays PAUSED. A mapping that the command says needs action has its fields taken out and put in again first.

## crates/health/src/rules/apps.rs

whether-an-app-is-in-maintenance-mode-without-5059 = whether an app is in maintenance mode without a run
in-maintenance-mode-users-see-a-page-that-bed1 = In maintenance mode users see a page that says so. After a procedure that ended half-way nobody may have ended it.
whether-an-app-runs-nothing-although-it-is-5504 = whether an app runs nothing although it is not in maintenance mode
an-app-whose-every-process-type-is-at-cdfc = An app whose every process type is at 0 does nothing, and shows no maintenance page either.
whether-an-apps-newest-release-succeeded-8eff = whether an app's newest release succeeded
every-attachment-makes-a-release-if-its-release-7741 = Every attachment makes a release. If its release phase fails, the app stays without the new config vars, and even without DATABASE_URL; the official command still ends with 0.
is-not-in-maintenance-mode-3f8d = { $name } is not in maintenance mode
is-in-maintenance-mode-and-run-is-not-81dc = { $name } is in maintenance mode, and run { $run } is not finished
go-on-with-the-run-or-turn-it-8a33 = Go on with the run, or turn it back: it ends what it began.
is-in-maintenance-mode-and-no-run-of-fb3a = { $name } is in maintenance mode, and no run of this machine is about it
if-nobody-else-works-on-it-end-it-e687 = If nobody else works on it, end it.
has-3e95 = { $name } has { $dynos }
every-process-type-of-is-at-0-62f3 = every process type of { $name } is at 0 ({ $types })
scale-it-up-as-it-was-before-if-c65f = Scale it up as it was before, if that was not meant. `hcops report` of the last run tells how it was.
release-v-of-is-cc91 = release v{ $version } of { $name } is { $status }: { $description }
see-why-in-its-output-correct-that-then-01c0 = See why in its output, correct that, then release again.

## crates/health/src/rules/attachments.rs

which-other-apps-have-the-database-bac0 = which other apps have the database
a-promotion-moves-database-on-one-app-only-d268 = A promotion moves `DATABASE` on one app only: the others stay on the old database, and keep writing to it, until their attachments are moved too.
which-connection-poolers-the-database-has-2722 = which connection poolers the database has
a-promotion-moves-a-pooler-only-if-its-8839 = A promotion moves a pooler only if its name is exactly DATABASE_CONNECTION_POOL; any other stays on the old database.
which-config-vars-hold-the-databases-address-by-3f16 = which config vars hold the database's address by hand
no-promotion-rotation-or-plan-change-changes-a-0ff1 = No promotion, rotation or plan change changes a copy of an address: whatever reads it goes on with a database that others have left, or with a password that is none any more.
no-other-app-has-f32b = no other app has { $name }
is-attached-to-other-apps-too-be8b = { $name } is attached to other apps, too: { $others }
hcops-silences-and-moves-them-with-the-others-938e = hcops silences and moves them with the others; whoever owns them has to know of it.
has-poolers-that-a-promotion-leaves-behind-7e8a = { $name } has poolers that a promotion leaves behind: { $left }
hcops-moves-those-of-the-default-credential-the-fb57 = hcops moves those of the default credential; the others have to be made anew.
no-config-var-holds-the-address-of-by-0552 = no config var holds the address of { $name } by hand
the-address-of-is-held-by-hand-in-db81 = the address of { $name } is held by hand in { $held }
attach-the-database-under-a-name-of-its-1476 = Attach the database under a name of its own and read that (`heroku addons:attach { $name } --as NAME -a { $app }`), then remove the variable (`heroku config:unset VARIABLE -a { $app }`).

## crates/health/src/rules/demo.rs

whether-the-connection-is-on-the-demo-plan-26e1 = whether the connection is on the demo plan
the-demo-plan-polls-every-10-minutes-at-ca88 = The demo plan polls every 10 minutes at the fastest, keeps its log for 7 days, and goes to sleep without new data.
how-near-a-demo-connection-is-to-its-826a = how near a demo connection is to its row limit
over-10-000-rows-in-all-mappings-together-d726 = Over 10,000 rows in all mappings together a demo connection stops syncing.
how-long-a-demo-connection-got-no-new-92dd = how long a demo connection got no new data
without-new-data-from-salesforce-a-demo-connection-dfe9 = Without new data from Salesforce a demo connection polls hourly after 7 days, daily after 14, and is paused after 31; later it is put on ice, and only Heroku's support can revive it.
is-on-the-demo-plan-1a8d = { $name } is on the demo plan
for-anything-that-matters-change-to-a-paid-f61e = For anything that matters change to a paid plan, which needs a contract with Heroku.
holds-of-the-rows-of-the-demo-plan-56bd = { $name } holds { $rows } of the { $row_limit } rows of the demo plan
map-fewer-objects-or-change-to-a-paid-9b14 = Map fewer objects, or change to a paid plan.
got-no-new-data-from-salesforce-for-6ee6 = { $name } got no new data from Salesforce for { $span }
heroku-pauses-it-now-6882 = Heroku pauses it now
it-polls-daily-now-6e20 = it polls daily now
it-polls-hourly-now-7fed = it polls hourly now
got-data-from-salesforce-ago-e84b = { $name } got data from Salesforce { $span } ago
a-change-of-any-mapped-record-in-salesforce-ea33 = A change of any mapped record in Salesforce counts as new data. Remove the add-on if nobody needs it.

## crates/health/src/rules/inside.rs

whether-hstore-is-in-the-schema-public-by-cd53 = whether hstore is in the schema public (by SQL)
connects-trigger-functions-name-public-hstore-a-copy-3731 = Connect's trigger functions name public.hstore. A copy in which it lies elsewhere breaks them, and every write to a mapped table with them.
whether-there-are-too-many-schemas-or-objects-5c0b = whether there are too many schemas or objects for an upgrade (by SQL)
with-more-than-1-000-schemas-or-10-1ee8 = With more than 1,000 schemas or 10,000 objects a version upgrade may run out of memory.
hstore-of-is-in-public-650a = hstore of { $name } is in public
hstore-of-is-in-not-in-public-b688 = hstore of { $name } is in { $other }, not in public
see-whether-writes-to-mapped-tables-work-choose-385c = See whether writes to mapped tables work; choose a copy target that has it in public.
has-no-hstore-which-connects-triggers-use-7be0 = { $name } has no hstore, which Connect's triggers use
if-connect-made-its-tables-in-this-database-a827 = If Connect made its tables in this database, its triggers can't work: ask Heroku's support.
has-no-hstore-and-no-connection-that-needs-04aa = { $name } has no hstore, and no connection that needs it
has-and-8922 = { $name } has { $counted_grouped } and { $counted_grouped_2 }
try-the-upgrade-first-a-dry-run-shows-6069 = Try the upgrade first: a dry run shows whether it goes through. Or upgrade a follower, which can be thrown away.

## crates/health/src/rules/maintenance.rs

whether-maintenance-of-the-database-is-planned-or-6660 = whether maintenance of the database is planned or running
it-replaces-the-leader-for-a-moment-to-3f89 = It replaces the leader for a moment. To Connect that is as a failover, but in the middle of a procedure of yours it spoils the copy.
no-maintenance-of-is-planned-cdb5 = no maintenance of { $name } is planned
maintenance-of-is-running-5419 = maintenance of { $name } is running
begin-nothing-until-it-has-ended-fdfc = Begin nothing until it has ended.
heroku-says-that-the-maintenance-of-is-unknown-15ac = Heroku says that the maintenance of { $name } is unknown
look-at-it-yourself-30f3 = Look at it yourself.
maintenance-of-is-which-hcops-does-not-know-4790 = maintenance of { $name } is `{ $raw }`, which hcops does not know
for-in-c1dd = for { $utc }, in { $span }
for-which-is-past-3ad7 = for { $utc }, which is past
for-a5a9 = for { $raw }
without-a-time-that-is-told-44fd = without a time that is told
maintenance-of-is-planned-1a05 = maintenance of { $name } is planned { $when }
run-it-yourself-at-a-better-time-or-64d4 = Run it yourself at a better time, or keep your own maintenance away from it.

## crates/health/src/rules/mappings.rs

whether-each-mapping-is-in-sync-4b24 = whether each mapping is in sync
a-broken-mapping-stops-alone-the-connection-stays-9f29 = A broken mapping stops alone: the connection stays IDLE, and the table quietly grows old.
the-one-mapping-of-is-well-b25c = the one mapping of { $name } is well
all-mappings-of-are-well-a9c6 = all { $count } mappings of { $name } are well
the-mapping-of-is-3e43 = the mapping { $object_name } of { $name } is { $state }
which-usually-clears-by-itself-bf86 = { $saw }, which usually clears by itself
look-again-in-some-minutes-540e = Look again in some minutes.
a-state-that-this-version-of-hcops-does-b8c4 = { $saw }, a state that this version of hcops does not know
look-at-it-in-connects-dashboard-hcops-takes-7933 = Look at it in Connect's dashboard. hcops takes no unknown state for success.
its-configuration-no-longer-fits-salesforce-a-field-2fe2 = Its configuration no longer fits Salesforce: a field was changed or taken away. See which; for a changed length or type there is `hcops plan field-change`.
the-object-can-no-longer-be-synced-see-e673 = The object can no longer be synced: see whether the integration's user may still read it, else remove the mapping.
log-in-to-salesforce-again-8b71 = Log in to Salesforce again.
a-bulk-load-failed-look-for-the-cause-f390 = A bulk load failed. Look for the cause in its log, then reload the mapping.
see-the-cause-in-its-log-remove-it-e203 = See the cause in its log, remove it, then recover the connection.

## crates/health/src/rules/mod.rs

the-result-of-an-upgrades-dry-run-it-6b3e = the result of an upgrade's dry run: it comes by e-mail only
writers-outside-heroku-scheduler-jobs-and-autoscalers-b1c7 = writers outside Heroku, Scheduler jobs and autoscalers
since-when-a-connection-is-in-its-state-33bc = since when a connection is in its state, and runs and pauses that another machine made
salesforces-own-maintenance-and-api-limits-fbc9 = Salesforce's own maintenance and API limits
the-age-of-the-backlog-failed-rows-in-8c8a = the age of the backlog, failed rows in the trigger log, the schema of hstore, the number of schemas and objects: add --sql

## crates/health/src/rules/notifications.rs

notifications-that-nobody-has-acknowledged-53dc = notifications that nobody has acknowledged
connect-tells-there-what-it-stopped-or-could-ddc2 = Connect tells there what it stopped or could not do; who is not on its list gets no e-mail.
has-no-open-notification-f424 = { $name } has no open notification
has-open-notification-s-the-newest-8b91 = { $name } has { $count } open notification(s); the newest, { $event_type }: { $message }
read-them-do-what-they-ask-for-then-309a = Read them, do what they ask for, then acknowledge them.

## crates/health/src/rules/pause.rs

whether-sync-is-paused-by-whom-and-since-f362 = whether sync is paused, by whom and since when
while-it-is-paused-the-trigger-log-grows-a3b5 = While it is paused the trigger log grows and Salesforce is not polled: the longer, the longer it takes to catch up.
or-heroku-did-it-a-demo-plan-without-ca75 = , or Heroku did it: a demo plan without new data for 31 days
is-paused-94b4 = { $name } is PAUSED; { $by_whom }{ $demo }
find-out-who-paused-it-and-why-before-d2a9 = Find out who paused it and why before you resume it.
no-run-of-this-machine-paused-it-so-1558 = no run of this machine paused it, so somebody else did
whether-a-run-of-this-machine-paused-it-6ac1 = whether a run of this machine paused it is not known, since run { $run } cannot be read
is-paused-for-paused-by-at-run-78db = { $name } is PAUSED for { $since }: paused by { $by } at { $utc }, run { $run }: { $reason }
that-run-is-not-finished-and-resumes-sync-fb16 = That run is not finished and resumes sync itself: go on with it, or turn it back.
resume-sync-when-the-reason-is-gone-7753 = Resume sync when the reason is gone.

## crates/health/src/rules/place.rs

whether-connect-is-on-the-database-that-its-905d = whether Connect is on the database that its config var names, and whose that is
how-soon-connect-reads-a-changed-config-var-ff36 = How soon Connect reads a changed config var again is not established. If it stays on the old database, what it writes is missing in the new one.
is-on-86aa = { $name } is on { $name_2 }
says-that-it-is-on-but-its-config-4885 = { $name } says that it is on { $host }/{ $base }, but its config var leads to { $name_2 } at { $place }
if-the-database-was-replaced-in-the-last-0c96 = If the database was replaced in the last minutes, look again. If it stays so, Connect has to be pointed at its database again.
uses-which-belongs-to-101f = { $name } uses { $name_2 }, which belongs to { $owner_app }
whoever-maintains-has-to-know-of-this-connection-1e3a = Whoever maintains { $owner_app } has to know of this connection.

## crates/health/src/rules/pointer.rs

whether-the-connections-config-var-is-that-of-8680 = whether the connection's config var is that of an attached database
promotions-and-attachments-move-attachments-a-config-var-347a = Promotions and attachments move attachments. A config var that was set by hand stays behind, and with it the connection, on the old database.
its-config-var-6d87 = its config var
uses-as-b264 = { $name } uses { $addon } as { $key }
uses-which-was-set-by-hand-to-the-3d71 = { $name } uses { $key }, which was set by hand to the address of { $addon }; no attachment keeps it up to date
point-the-connection-at-the-attachment-before-the-36f7 = Point the connection at the attachment { $attachment } before the next maintenance.
uses-whose-value-is-not-that-of-any-183c = { $name } uses { $key }, whose value is not that of any database attached to { $app }
attach-that-database-to-the-app-and-point-f9fc = Attach that database to the app, and point the connection at the attachment. Until then hcops can say nothing about it.
uses-which-is-not-set-on-6647 = { $name } uses { $key }, which is not set on { $app }
attach-the-database-under-that-name-if-a-99c9 = Attach the database under that name. If a release failed right after an attachment, the config var comes with the next one that succeeds.

## crates/health/src/rules/polling.rs

whether-a-connection-is-long-in-polling-db-157f = whether a connection is long in POLLING_DB_CHANGES
it-polls-at-most-every-two-minutes-and-b64b = It polls at most every two minutes and sends with one writer: a connection that stays at it has more changes than it gets rid of, and can be paused only from IDLE.
changes-wait-3707 = , { $count } changes wait
is-sending-changes-since-when-is-not-shown-c5bf = { $name } is sending changes{ $pending }; since when is not shown
a-mapping-was-last-polled-ago-cce0 = ; a mapping was last polled { $span } ago
is-at-polling-db-changes-for-long-5adf = { $name } is at POLLING_DB_CHANGES for long{ $pending }{ $since }
look-for-the-cause-in-its-log-refused-e865 = Look for the cause in its log: refused writes that are repeated, locks, or simply very many changes.

## crates/health/src/rules/procedures.rs

what-stands-against-each-procedure-by-its-own-4908 = what stands against each procedure, by its own checks (with --procedures)
the-procedure-would-refuse-to-begin-or-could-0db1 = The procedure would refuse to begin, or could not be planned.

## crates/health/src/rules/replication.rs

whether-the-connections-database-is-a-leader-e2ea = whether the connection's database is a leader
a-follower-cant-be-written-to-connect-neither-571f = A follower can't be written to: Connect neither captures nor brings changes there. A promotion does not end the following.
how-far-followers-are-behind-2d5a = how far followers are behind
a-follower-that-is-far-behind-shows-readers-c681 = A follower that is far behind shows readers the past, and is no basis for a changeover until it has caught up.
is-a-leader-8cf1 = { $name } is a leader
is-a-follower-and-a-connection-uses-it-2302 = { $name } is a follower, and a connection uses it
make-it-a-database-of-its-own-or-964c = Make it a database of its own, or point the connection at the leader.
is-a-follower-a4af = { $name } is a follower
is-behind-35b9 = { $name } is { $counted_grouped } behind { $name_2 }
says-of-its-lag-behind-99e9 = { $name } says of its lag behind { $name_2 }: "{ $text }"
look-for-long-queries-on-the-follower-and-3423 = Look for long queries on the follower and for heavy writing on the leader.

## crates/health/src/rules/rollback.rs

whether-the-connections-database-is-a-fork-or-05ba = whether the connection's database is a fork or a rollback of another one
connect-tracks-its-progress-with-marks-of-its-84f9 = Connect tracks its progress with marks of its own. On a database of the past these do not fit Salesforce any more, until every mapping is reloaded.
made-ago-156e = , made { $span } ago
was-forked-or-rolled-back-from-941c = { $name } was forked or rolled back from { $origin }{ $made }
if-it-is-a-rollback-and-the-mappings-cd04 = If it is a rollback and the mappings were not reloaded since, reload them. After a plain copy nothing has to be done.

## crates/health/src/rules/room_left.rs

whether-the-database-is-available-5c30 = whether the database is available
what-is-not-available-can-be-neither-written-18e5 = What is not available can be neither written to nor maintained.
how-full-the-databases-plan-is-199c = how full the database's plan is
over-its-limit-a-database-can-lose-the-ce75 = Over its limit a database can lose the right to write, and a follower or copy needs a plan that holds it.
how-many-of-the-databases-connections-are-in-83d3 = how many of the database's connections are in use
connect-needs-connections-of-its-own-without-a-2892 = Connect needs connections of its own; without a free one it can neither read its log nor write.
what-heroku-itself-warns-of-60bb = what Heroku itself warns of
heroku-tells-there-what-it-will-do-by-3f1e = Heroku tells there what it will do by itself if nobody else does.
heroku-warns-of-3df3 = Heroku warns of { $name }: { $warning }
do-what-it-says-901f = Do what it says.
wait-until-it-is-available-if-it-stays-a9bb = Wait until it is available; if it stays so, ask Heroku's support.
fills-of-the-gb-of-its-plan-2e1d = { $name } fills { $percent } % of the { $gigabytes } GB of its plan
change-to-a-larger-plan-or-make-room-ec53 = Change to a larger plan, or make room.
has-of-connections-in-use-d6a6 = { $name } has { $used } of { $limit } connections in use
see-who-holds-them-use-a-connection-pooler-b820 = See who holds them; use a connection pooler, or a plan with more of them.

## crates/health/src/rules/runs.rs

whether-a-run-of-this-machine-about-the-af66 = whether a run of this machine about the app is not finished
it-may-have-left-the-app-in-maintenance-2152 = It may have left the app in maintenance mode, sync paused or a second database that is paid for.
whether-a-run-of-this-machine-cannot-be-a1a9 = whether a run of this machine cannot be read
it-is-not-known-to-be-over-it-93a7 = It is not known to be over: it may have paused sync or turned writes off, and nothing else is begun meanwhile.
no-run-of-this-machine-about-is-unfinished-2e0a = no run of this machine about { $app } is unfinished
run-by-begun-by-at-ago-is-not-e29b = run { $run } ({ $procedure } by { $method }, begun by { $by } at { $utc }, { $age } ago) is not finished
finish-it-or-turn-it-back-with-hcops-8b44 = Finish it, or turn it back with `hcops abort { $run }`, before another procedure begins.

## crates/health/src/rules/state.rs

whether-sync-runs-a43a = whether sync runs
a-connection-that-stands-still-syncs-nothing-in-d108 = A connection that stands still syncs nothing, in either direction, and says so nowhere else.
has-no-heroku-connect-connection-d656 = { $app } has no Heroku Connect connection
it-is-coming-back-2bbe = { $saw }: it is coming back
only-herokus-support-can-revive-it-it-comes-3c48 = Only Heroku's support can revive it; it comes back as PAUSED. Ask them in a ticket, or make a new connection on a paid plan, which is never put on ice.
choose-its-database-and-schema-then-log-in-ff79 = Choose its database and schema, then log in to Salesforce.
log-in-to-salesforce-again-as-the-user-7749 = Log in to Salesforce again, as the user that the integration belongs to.
authorise-connect-for-the-apps-database-again-in-1669 = Authorise Connect for the app's database again in its dashboard.
the-salesforce-organisation-is-inactive-if-a-sandbox-8704 = The Salesforce organisation is inactive. If a sandbox was refreshed, recreate the connection against the new one; else have the organisation revived by Salesforce.
it-has-passed-the-row-limit-of-its-7798 = It has passed the row limit of its contract: sync fewer rows, or have the limit raised.
sync-does-not-run-d2b9 = { $saw }: sync does not run

## crates/health/src/rules/upgrade.rs

whether-a-version-upgrade-is-scheduled-under-way-9ca5 = whether a version upgrade is scheduled, under way or failed
preparing-an-upgrade-also-schedules-it-unless-it-bddc = Preparing an upgrade also schedules it: unless it is run or cancelled, Heroku runs it in the next maintenance window, with the app and Connect live.
the-upgrade-of-failed-b807 = the upgrade of { $name } failed: "{ $said }"
the-database-is-on-its-old-version-herokus-f023 = The database is on its old version. Heroku's support can see the cause.
an-upgrade-of-is-under-way-069d = an upgrade of { $name } is under way: "{ $said }"{ $step }
leave-it-alone-until-it-has-ended-26dd = Leave it alone until it has ended.
heroku-says-of-an-upgrade-of-without-a-cfe2 = Heroku says of an upgrade of { $name }, without a time that is recognised: "{ $said }"
find-out-whether-and-when-heroku-runs-it-187e = Find out whether and when Heroku runs it by itself.
heroku-tells-of-no-upgrade-of-that-would-cfdd = Heroku tells of no upgrade of { $name } that would be scheduled
which-is-past-0c5a = which is past
heroku-upgrades-by-itself-at-a572 = Heroku upgrades { $name } by itself at { $utc }, { $when }
the-run-that-prepared-it-is-not-finished-cbeb = { $saw }; the run { $run } that prepared it is not finished
go-on-with-that-run-before-then-it-7f85 = Go on with that run before then: it pauses sync, and runs or cancels the upgrade.
and-no-run-of-this-machine-is-about-0553 = { $saw }, and no run of this machine is about it
run-it-yourself-before-then-with-sync-paused-4e79 = Run it yourself before then, with sync paused and apps silent: `hcops run version-upgrade --method in-place { $on_database } --to N`, where N is the version that it was prepared for. Or cancel it, as below.

## crates/health/src/rules/version.rs

the-end-of-life-of-the-databases-postgres-2f3d = the end of life of the database's Postgres version
after-the-deadline-heroku-upgrades-by-itself-with-0075 = After the deadline Heroku upgrades by itself, with the app and Connect live and nobody having paused sync; after the end it may remove what is left.
is-on-the-plan-advanced-databases-are-followed-315e = { $name } is on the plan { $plan }: Advanced databases are followed and upgraded by other commands
no-statement-of-herokus-was-found-that-heroku-95f0 = No statement of Heroku's was found that Heroku Connect works with them: hcops plans nothing on it.
no-version-095e = no version
tells-in-which-no-postgres-version-is-recognised-4bd6 = { $name } tells `{ $raw }`, in which no Postgres version is recognised
runs-postgres-18dd = { $name } runs Postgres { $version }
which-heroku-removed-on-14f9 = { $saw }, which Heroku removed on { $on }
older-than-every-version-that-hcops-has-dates-047e = { $saw }, older than every version that hcops has dates for: when it ends is not known here, but not after those
of-which-hcops-knows-no-dates-its-table-c1ba = { $saw }, of which hcops knows no dates (its table is as of { $as_of })
use-a-newer-hcops-or-see-herokus-page-74aa = Use a newer hcops, or see Heroku's page on version support.
its-life-ended-on-3e12 = its life ended on { $ends }, { $when }
the-last-day-to-upgrade-it-yourself-was-701c = the last day to upgrade it yourself was { $act_by }, { $when }: Heroku may upgrade it to { $newest } any day now; it ends on { $ends }, { $when_2 }
by-the-earlier-one-heroku-may-upgrade-it-93e6 = by the earlier one Heroku may upgrade it to { $newest } any day now
afterwards-heroku-does-it-by-itself-fec5 = afterwards Heroku does it by itself
herokus-mails-name-two-dates-to-upgrade-it-93a2 = Heroku's mails name two dates to upgrade it by, and your own mail decides: { $act_by }, { $when }, or { $act_by_2 }, { $when_2 }; { $then }; it ends on { $ends } or { $ends_2 }
rehearse-the-upgrade-plan-it-and-carry-it-f119 = Rehearse the upgrade, plan it, and carry it out at a time of your own; the plan shows the methods.

## crates/health/src/rules/writes.rs

writes-that-salesforce-refused-in-the-last-24-6262 = writes that Salesforce refused in the last 24 hours
a-refused-write-is-not-repeated-by-itself-723c = A refused write is not repeated by itself: the row is in the database and not in Salesforce.
rows-that-salesforce-refused-and-that-nothing-retries-a241 = rows that Salesforce refused and that nothing retries
failed-rows-stay-different-on-both-sides-until-ce01 = FAILED rows stay different on both sides until somebody repeats or dismisses them, and the log of them is kept for a month only.
changes-that-wait-to-be-sent-to-salesforce-ed41 = changes that wait to be sent to Salesforce
what-waits-is-not-in-salesforce-yet-and-1b6d = What waits is not in Salesforce yet, and every maintenance that pauses sync has to wait for it.
had-no-refused-write-in-24-hours-e958 = { $name } had no refused write in 24 hours
had-in-24-hours-most-often-644b = { $name } had { $count } in 24 hours; most often ({ $times }): { $message }
correct-the-cause-in-salesforce-or-in-the-6a3f = Correct the cause in Salesforce or in the data, then have the rows sent again.
has-no-failed-rows-0161 = { $name } has no failed rows
has-failed-rows-895e = { $name } has { $failed } failed rows
have-them-sent-again-once-their-cause-is-9bde = Have them sent again once their cause is gone, or dismiss them.
the-oldest-for-db94 = , the oldest for { $span }
changes-of-wait-6d11 = { $waiting } changes of { $name } wait{ $age }
look-for-the-cause-in-its-log-before-6cf0 = Look for the cause in its log before a maintenance: it has to be sent first.

## crates/heroku/src/clients.rs

hcops-015e = hcops/{ $value } ({ $os })

## crates/heroku/src/connect/discovery.rs

connect-named-an-address-that-cant-be-read-3833 = Connect named an address that can't be read: { $error }
without-it-the-connection-cant-be-reached-af0c = Without it the connection can't be reached.
connects-list-of-the-connections-of-has-more-406a = Connect's list of the connections of { $app } has more than { $pages } pages
half-a-list-could-hide-the-connection-that-373d = Half a list could hide the connection that is meant.

## crates/heroku/src/connect/state.rs

how-a-connection-stands-40ca = { " " }How a connection stands.
provisioned-not-yet-configured-5e42 = { " " }Provisioned, not yet configured.
waits-for-the-salesforce-login-8575 = { " " }Waits for the Salesforce login.
healthy-no-database-poll-in-progress-the-only-4c47 = { " " }Healthy; no database poll in progress. The only state in which it can be paused.
reading-the-trigger-log-and-writing-to-salesforce-9eeb = { " " }Reading the trigger log and writing to Salesforce.
stopped-by-a-user-or-for-inactivity-acc3 = { " " }Stopped, by a user or for inactivity.
coming-back-18e2 = { " " }Coming back.
applying-an-import-e902 = { " " }Applying an import.
stopped-by-an-unforeseen-fault-8c2b = { " " }Stopped by an unforeseen fault.
cant-reach-postgres-a64e = { " " }Can't reach Postgres.
over-the-licences-row-limit-6698 = { " " }Over the licence's row limit.
the-salesforce-login-expired-76f8 = { " " }The Salesforce login expired.
the-authorisation-for-the-database-is-lost-cb97 = { " " }The authorisation for the database is lost.
the-salesforce-organisation-is-inactive-838f = { " " }The Salesforce organisation is inactive.
a-demo-connection-long-out-of-use-only-2a0e = { " " }A demo connection long out of use; only Heroku's support can revive it.
how-a-mapping-stands-7bc9 = { " " }How a mapping stands.
in-sync-since-the-last-poll-3722 = { " " }In sync since the last poll.
the-table-is-being-created-ce23 = { " " }The table is being created.
loading-after-it-was-made-or-after-fields-1fc8 = { " " }Loading after it was made, or after fields were added.
first-load-or-a-reload-c9eb = { " " }First load, or a reload.
the-table-is-being-changed-0a1e = { " " }The table is being changed.
polling-salesforce-by-the-bulk-api-f47b = { " " }Polling Salesforce by the Bulk API.
polling-for-deleted-rows-6071 = { " " }Polling for deleted rows.
waits-for-a-bulk-load-1856 = { " " }Waits for a bulk load.
loads-the-result-of-a-bulk-job-4b72 = { " " }Loads the result of a bulk job.
resolves-external-ids-1f54 = { " " }Resolves external ids.
polls-external-ids-a45c = { " " }Polls external ids.
waits-for-a-bulk-update-7726 = { " " }Waits for a bulk update.
applies-a-bulk-update-a79c = { " " }Applies a bulk update.
an-operation-was-aborted-2aee = { " " }An operation was aborted.
being-recovered-815a = { " " }Being recovered.
a-bulk-load-failed-d254 = { " " }A bulk load failed.
the-configuration-no-longer-fits-salesforce-its-sync-88b4 = { " " }The configuration no longer fits Salesforce: its sync stopped silently.
the-object-can-no-longer-be-synced-730a = { " " }The object can no longer be synced.

## crates/heroku/src/data/credentials.rs

how-a-credential-stands-170e = { " " }How a credential stands.
in-use-134e = { " " }In use.
out-of-use-18e4 = { " " }Out of use.
being-made-d99b = { " " }Being made.
being-taken-away-83d7 = { " " }Being taken away.
getting-a-new-password-5288 = { " " }Getting a new password.
has-its-new-password-664d = { " " }Has its new password.
waits-to-be-made-0c00 = { " " }Waits to be made.

## crates/heroku/src/data/maintenance.rs

how-a-postgres-maintenance-stands-heroku-typescript-api-be86 = { " " }How a Postgres maintenance stands (heroku/typescript-api-schema, dist/data/types.d.ts, `MaintenanceInfoResult`;
pending-is-from-older-recordings-78eb = { " " }`pending` is from older recordings).
none-is-needed-4fd1 = { " " }None is needed.
it-is-scheduled-5ab9 = { " " }It is scheduled.
it-is-being-prepared-fe27 = { " " }It is being prepared.
it-can-be-run-220d = { " " }It can be run.
it-is-running-4e02 = { " " }It is running.
it-is-done-0ed6 = { " " }It is done.
heroku-itself-does-not-know-6425 = { " " }Heroku itself does not know.

## crates/heroku/src/data/versions.rs

heroku-offers-postgres-to-as-far-as-hcops-81cf = Heroku offers Postgres { $oldest } to { $newest }, as far as hcops knows (as of { $as_of })
no-new-database-can-be-created-on-postgres-f0e7 = no new database can be created on Postgres { $major } since { $barred }, three months after its deprecation; only forks and followers of one that is on it
postgres-ended-on-97f3 = Postgres { $major } ended on { $ends }; { $offered }
heroku-removed-postgres-on-6c67 = Heroku removed Postgres { $major } on { $on }; { $offered }
and-not-54f1 = { $offered }, and not { $major }

## crates/heroku/src/lenient.rs

expected-a-name-or-an-object-with-id-b835 = expected a name or an object with id and name
expected-text-or-a-number-6ae6 = expected text or a number

## crates/heroku/src/open_enum.rs

a-word-that-this-version-does-not-know-9df6 = { " " }A word that this version does not know, as it came.
every-word-that-this-version-knows-031b = { " " }Every word that this version knows.
the-servers-word-9929 = { " " }The server's word.

## crates/heroku/src/origins.rs

is-not-on-this-machine-01a4 = is not on this machine
is-neither-a-domain-of-heroku-heroku-com-c620 = is neither a domain of Heroku (heroku.com, herokai.com, herokuspace.com, herokudev.com) nor an address of this machine such as http://127.0.0.1:5080
is-not-a-bare-host-name-scheme-and-da4a = is not a bare host name; scheme and port are those of HEROKU_HOST
is-not-a-host-name-d736 = is not a host name
is-not-a-url-3dc9 = is not a URL: { $error }
a-url-with-a-user-or-password-9b9b = (a URL with a user or password)
must-not-hold-credentials-36b6 = must not hold credentials
the-built-in-address-cant-be-read-5518 = the built-in address { $real } can't be read: { $error }
without-it-heroku-cant-be-reached-34c4 = Without it Heroku can't be reached.
the-official-client-would-silently-use-the-real-d6fd = The official client would silently use the real Heroku instead; a rehearsal must not end up there, nor the token elsewhere.
correct-or-unset-it-for-the-real-heroku-2c2f = Correct { $variable }, or unset it for the real Heroku.
unset-fca2 = unset { $variable }

## crates/heroku/src/platform/account.rs

heroku-refuses-changes-to-a-suspended-account-a-942a = Heroku refuses changes to a suspended account: a procedure would stop in the middle.
settle-it-with-herokus-support-https-help-heroku-501e = Settle it with Heroku's support (https://help.heroku.com), then plan again.
delinquent-with-payment-ad2b = delinquent with payment
heroku-refuses-to-create-anything-that-costs-and-5ecd = Heroku refuses to create anything that costs, and suspends the account later: a procedure could stop in the middle.
pay-what-is-due-at-https-dashboard-heroku-ba30 = Pay what is due at https://dashboard.heroku.com/account/billing, then plan again.
the-account-is-since-5044 = the account{ $whose } is { $what } since { $since }

## crates/heroku/src/platform/addons.rs

how-an-add-on-stands-provisioned-is-not-7599 = { " " }How an add-on stands. Provisioned is not yet ready: a database says that itself.
it-is-being-made-0a24 = { " " }It is being made.
it-was-made-4627 = { " " }It was made.
it-is-being-removed-5887 = { " " }It is being removed.
it-was-removed-or-could-not-be-made-8a7e = { " " }It was removed, or could not be made.

## crates/heroku/src/platform/database_address.rs

the-app-ecf6 = the app
nothing-can-be-read-before-it-is-certain-2bc3 = Nothing can be read before it is certain which database is meant.
there-is-no-app-or-this-account-may-4d28 = there is no app { $app }, or this account may not see it: { $saw }
check-the-apps-name-a-heroku-app-or-9c17 = Check the app's name (-a, HEROKU_APP or the git remote) and the account.
has-no-database-called-5190 = { $app } has no database called { $name }
means-several-databases-32d5 = { $name } means several databases: { $names }
name-one-of-these-attachments-1015 = Name one of these attachments.
is-not-set-on-although-is-attached-there-1759 = { $var } is not set on { $app }, although { $name } is attached there
the-config-var-holds-the-databases-address-it-e44a = The config var holds the database's address; it is missing until the release of the attachment has succeeded.
look-at-the-apps-releases-name-another-attachment-3aa5 = Look at the app's releases; name another attachment of the database, or give its URL.
no-config-var-that-this-account-may-see-96b8 = no config var that this account may see holds the direct address of { $addon } (attached as { $names })
it-is-read-with-the-default-credential-past-426d = It is read with the default credential, past every connection pooler.
attach-it-under-a-name-of-its-own-3f99 = Attach it under a name of its own, and wait until the release of the attachment has succeeded.

## crates/heroku/src/platform/formation.rs

a-quantity-is-a-whole-number-9560 = a quantity is a whole number

## crates/heroku/src/platform/releases.rs

how-a-release-stands-8be5 = { " " }How a release stands.
its-release-phase-is-running-e1de = { " " }Its release phase is running.
it-is-live-or-was-61b1 = { " " }It is live, or was.
its-release-phase-failed-it-never-went-live-a308 = { " " }Its release phase failed: it never went live.
its-slug-is-gone-cf0d = { " " }Its slug is gone.
version-max-order-desc-9664 = version ..; max={ $newest }, order=desc

## crates/heroku/src/status/areas.rs

all-regions-a082 = all regions
every-region-23d7 = every region
all-heroku-regions-756e = all heroku regions
in-the-2ac5 = { " " }in the{ " " }

## crates/heroku/src/status/current.rs

heroku-data-31fb = heroku data
has-been-completed-30c6 = has been completed
is-now-complete-0673 = is now complete
has-been-cancelled-9745 = has been cancelled
has-been-canceled-a623 = has been canceled
have-been-completed-3d18 = have been completed
new-date-1910 = new date
new-time-c11e = new time

## crates/heroku/src/token.rs

netrc-cannot-be-read-883a = netrc cannot be read ({ $why })
netrc-has-no-entry-for-the-api-31d2 = netrc has no entry for the API
and-the-heroku-command-is-not-installed-133d = and the heroku command is not installed
and-heroku-auth-token-gave-none-47b5 = and heroku auth:token gave none: { $why }
the-token-came-from-heroku-api-key-which-d165 = The token came from HEROKU_API_KEY, which goes before every login; it is wrong, expired or revoked.
set-heroku-api-key-to-a-valid-token-8a0c = Set HEROKU_API_KEY to a valid token, or unset it and log in.
unset-heroku-api-key-heroku-login-d566 = unset HEROKU_API_KEY && heroku login
the-token-came-from-heroku-auth-token-the-7ee0 = The token came from heroku auth:token, the login of the heroku command; it is expired or revoked.
log-in-again-with-the-official-command-51f1 = Log in again with the official command.
the-token-came-from-netrc-the-entry-for-30d2 = The token came from netrc, the entry for the API's host; it is wrong, expired or revoked.
replace-the-password-of-that-entry-or-log-7f22 = Replace the password of that entry, or log in with the official command: its login goes before netrc.
heroku-api-key-is-set-and-its-value-8712 = HEROKU_API_KEY is set, and its value
netrc-has-an-entry-for-the-api-and-c02b = netrc has an entry for the API, and its password
holds-a-space-or-another-character-that-no-0298 = { $place } holds a space or another character that no token has
heroku-would-refuse-it-perhaps-two-lines-or-3214 = Heroku would refuse it. Perhaps two lines, or more than the token, were copied.
set-it-to-the-token-alone-4327 = Set it to the token alone.
export-heroku-api-key-heroku-auth-token-fa63 = export HEROKU_API_KEY="$(heroku auth:token)"
no-heroku-token-was-found-heroku-api-key-afd7 = no Heroku token was found: HEROKU_API_KEY is not set, { $in_netrc }, { $more }
without-a-token-nothing-of-the-account-can-93c6 = Without a token nothing of the account can be seen.
log-in-with-the-official-command-or-set-ed35 = Log in with the official command, or set HEROKU_API_KEY.
netrc-cannot-be-read-7efc = ; netrc cannot be read ({ $why })
no-token-was-found-for-which-is-on-a62b = no token was found for { $machine }, which is on this machine{ $unread }
the-token-of-heroku-auth-token-belongs-to-c53d = The token of heroku auth:token belongs to the real account, so it is not sent to a simulator.
set-heroku-api-key-to-any-text-a-d0e5 = Set HEROKU_API_KEY to any text; a simulator takes it.
export-heroku-api-key-simulated-8bed = export HEROKU_API_KEY=simulated
it-could-not-be-started-b03c = it could not be started: { $error }
you-are-not-logged-in-c1c6 = you are not logged in
its-output-could-not-be-read-abbd = its output could not be read
it-did-not-answer-within-s-4c51 = it did not answer within { $as_secs } s

## crates/heroku/src/transport/call.rs

a-request-could-not-be-written-as-json-890e = a request could not be written as JSON: { $error }
nothing-was-sent-1805 = Nothing was sent.
cant-be-part-of-an-address-110e = “{ $segment }” can't be part of an address
a-name-or-id-is-empty-so-the-fa4e = A name or id is empty, so the request would have gone to something else.
check-the-names-that-were-given-on-the-3c14 = Check the names that were given on the command line and in the runbook.

## crates/heroku/src/transport/client.rs

only-means-that-it-was-taken-57f2 = only { $status } means that it was taken
it-went-round-in-redirects-ede7 = it went round in redirects
was-not-sent-what-it-rests-on-was-e3de = { $method } { $target } was not sent: what it rests on was seen too long ago
has-more-than-pages-e4fb = { $method } { $target } has more than { $pages } pages
a-list-without-an-end-cant-be-read-d9ec = A list without an end can't be read whole, and half a list could hide what matters.
please-report-this-as-a-defect-of-hcops-6004 = Please report this as a defect of hcops, with the number of things in the account.

## crates/heroku/src/transport/http.rs

the-method-is-no-http-method-2033 = the method is no HTTP method
the-network-has-ended-fc62 = the network has ended
the-network-could-not-be-set-up-b8c3 = the network could not be set up: { $error }
https-could-not-be-set-up-ed83 = HTTPS could not be set up: { $causes }
check-the-machines-certificates-ssl-cert-file-ssl-f747 = Check the machine's certificates (SSL_CERT_FILE, SSL_CERT_DIR) and proxy settings (HTTPS_PROXY, NO_PROXY).
no-cause-was-given-d5b3 = no cause was given

## crates/heroku/src/transport/redirect.rs

it-was-redirected-to-nowhere-95f3 = it was redirected to nowhere
it-was-redirected-to-an-unreadable-address-2452 = it was redirected to an unreadable address: { $error }
was-redirected-b29f = { $method } { $target } was redirected ({ $status })
a-change-is-sent-only-to-the-address-2b67 = A change is sent only to the address it was meant for.
check-for-a-proxy-between-this-machine-and-05bf = Check for a proxy between this machine and Heroku, and that HEROKU_HOST means Heroku.
got-no-answer-5d12 = { $method } { $target } got no answer: { $reason }
nothing-can-be-told-from-it-71a3 = Nothing can be told from it.

## crates/heroku/src/transport/refusal.rs

nothing-was-sent-so-nothing-has-changed-at-8f0c = Nothing was sent, so nothing has changed at Heroku.
check-this-machines-network-and-proxy-settings-and-aeb2 = Check this machine's network and proxy settings, and https://status.heroku.com; then go on.
check-the-network-and-https-status-heroku-com-193b = Check the network and https://status.heroku.com; then go on.
an-answer-of-this-size-is-not-one-ff52 = An answer of this size is not one of the API that was called.
was-not-asked-any-more-too-little-was-363d = { $method } { $target } was not asked any more: too little was answered in time
a-look-has-an-end-also-where-a-4a5f = A look has an end, also where a server accepts every call and answers none; nothing has changed.
check-the-network-and-https-status-heroku-com-9649 = Check the network and https://status.heroku.com; then look again.
was-answered-but-request-2564 = { $method } { $place } was answered { $status } but { $what } (request { $request_id })
what-cant-be-read-is-not-taken-for-b635 = What can't be read is not taken for success.
check-for-a-proxy-or-login-page-between-997d = Check for a proxy or login page between this machine and Heroku, and that HEROKU_HOST means Heroku. Otherwise this version of hcops may be too old for the API.
the-answer-is-empty-d4b1 = the answer is empty
the-answer-is-not-json-it-breaks-off-31e5 = the answer is not JSON: it breaks off, or goes on where it should end ({ $body } bytes)
the-answer-is-not-json-3c57 = the answer is not JSON: “{ $words }”
the-answer-does-not-fit-d019 = the answer does not fit: { $spoken }
without-a-word-2add = without a word
see-1e1e = , see { $url }
was-answered-request-b7a0 = { $method } { $place } was answered { $status }{ $id }: { $said }{ $hint }{ $more } (request { $request_id })
heroku-may-have-carried-it-out-the-world-ae01 = Heroku may have carried it out: the world must be looked at before anything is repeated.
it-was-only-a-look-so-nothing-has-a85a = It was only a look, so nothing has changed.
the-token-is-missing-wrong-or-expired-a604 = The token is missing, wrong or expired.
log-in-again-or-set-heroku-api-key-7b2b = Log in again, or set HEROKU_API_KEY to a valid token.
the-tokens-owner-may-not-do-this-59a6 = The token's owner may not do this.
use-an-account-with-access-deploy-and-operate-24f1 = Use an account with access: deploy and operate on a team's app, or collaborator on a personal one.
heroku-access-c0fd = heroku access
the-accounts-rate-limit-is-used-up-4-9fcc = The account's rate limit is used up (4,500 calls an hour); the call was not carried out.
wait-some-minutes-other-programs-that-use-the-b875 = Wait some minutes. Other programs that use the same account share the limit.
check-https-status-heroku-com-then-go-on-5655 = Check https://status.heroku.com; then go on.
heroku-understood-the-request-and-refused-it-nothing-1c9e = Heroku understood the request and refused it; nothing has changed.
change-what-the-message-names-then-go-on-4be9 = Change what the message names, then go on.
the-answer-is-not-in-the-form-of-7f14 = The answer is not in the form of Heroku's API, so something else answered in its place.
check-for-a-proxy-or-login-page-between-8846 = Check for a proxy or login page between this machine and Heroku, and that HEROKU_HOST means Heroku.
heroku-asks-for-a-second-factor-for-this-cc5a = Heroku asks for a second factor for this call, and names no app that could be authorised for a while.
use-the-token-of-an-authorisation-that-was-68a4 = Use the token of an authorisation that was made for machines: set it as HEROKU_API_KEY.
curl-x-put-apps-pre-authorizations-h-accept-1a0b = curl -X PUT { $origin }/apps/{ $app }/pre-authorizations -H 'Accept: application/vnd.heroku+json; version=3' -H "Authorization: Bearer $(heroku auth:token)" -H 'Heroku-Two-Factor-Code: CODE'
heroku-asks-for-a-second-factor-for-what-7074 = Heroku asks for a second factor for what changes { $app }; nothing has changed.
authorise-the-app-for-a-while-with-the-eec8 = Authorise the app for a while with the code of your second factor in place of CODE, then go on. For a job use the token of `heroku authorizations:create`.
heroku-has-suspended-the-account-or-the-app-8107 = Heroku has suspended the account or the app, and refuses this until that is settled; nothing has changed.
settle-it-with-herokus-support-https-help-heroku-eb07 = Settle it with Heroku's support: https://help.heroku.com. Another token changes nothing.
the-account-is-delinquent-with-payment-and-heroku-0a5d = The account is delinquent with payment, and Heroku refuses this until it is paid; nothing has changed.
pay-what-is-due-at-https-dashboard-heroku-f8a7 = Pay what is due at https://dashboard.heroku.com/account/billing (a team's manager does it for a team), then go on.
heroku-wants-the-account-verified-by-a-means-b0fc = Heroku wants the account verified by a means of payment before it creates this; nothing has changed.
verify-the-account-at-https-heroku-com-verify-f749 = Verify the account at https://heroku.com/verify, then go on.
heroku-wants-this-call-confirmed-because-something-that-20ae = Heroku wants this call confirmed because something that exists would be replaced; nothing has changed.
look-at-what-has-that-name-now-and-a7f4 = Look at what has that name now, and confirm the step{ $which } if it may be replaced.
what-was-named-ebb6 = what was named
there-is-no-such-thing-or-this-account-df97 = There is no such thing ({ $what }), or this account may not see it.
check-the-name-and-that-you-are-logged-e52a = Check the name, and that you are logged in with the right account.
heroku-whoami-83b8 = heroku whoami

## crates/heroku/src/transport/trust.rs

is-not-https-4dc7 = is not HTTPS
only-addresses-on-this-machine-may-be-called-f66a = Only addresses on this machine may be called without encryption.
is-not-one-of-herokus-hosts-6cf3 = is not one of Heroku's hosts
the-token-opens-the-whole-account-so-it-2746 = The token opens the whole account, so it is sent to heroku.com, herokai.com, herokuspace.com, herokudev.com and this machine only.
came-in-an-answer-from-813f = came in an answer from { $spoken }
a-simulator-must-not-lead-to-the-real-211d = A simulator must not lead to the real Heroku, nor Heroku to this machine.
the-address-it-is-not-called-b5bb = the address { $spoken } { $what }; it is not called
check-heroku-host-heroku-data-host-connect-discovery-ec20 = Check HEROKU_HOST, HEROKU_DATA_HOST, CONNECT_DISCOVERY_SERVER and HEROKU_STATUS_HOST; unset, they mean the real Heroku.

## crates/heroku/src/transport/wire.rs

json-bytes-f910 = Json({ $text } bytes)
wireresponse-bytes-7810 = WireResponse({ $status }, { $body } bytes)
could-not-connect-d3f8 = could not connect: { $value0 }
the-connection-broke-before-the-answer-was-complete-58bf = the connection broke before the answer was complete: { $value0 }
no-answer-within-1d14 = no answer within { $value0 }
the-answer-is-larger-than-bytes-971d = the answer is larger than { $value0 } bytes

## crates/journal/src/chain.rs

line-of-the-journal-cannot-be-written-as-7333 = line { $seq } of the journal cannot be written as JSON: { $error }
please-report-this-as-a-defect-of-hcops-9355 = Please report this as a defect of hcops; what is in the journal is safe.

## crates/journal/src/claims.rs

the-database-18ae = the database { $made }
under-the-connection-d23a = under the connection
the-connection-e8a1 = the connection { $name }

## crates/journal/src/evidence.rs

keep-evidence-in-8a6d = keep evidence in

## crates/journal/src/file.rs

look-at-2cc5 = look at
has-bytes-and-this-process-has-written-d977 = { $path } has { $length } bytes, and this process has written { $length_2 }
another-process-has-written-to-the-run-this-91fb = Another process has written to the run. This one stops; see who holds it with `hcops runs`.
set-the-torn-last-line-aside-of-2578 = set the torn last line aside of
the-last-line-of-the-journal-was-torn-4640 = the last line of the journal was torn ({ $torn } bytes): it was never acknowledged, nothing was done on its strength, and it is kept in { $aside }
has-format-and-this-hcops-writes-format-9d19 = { $path } has format { $major }.{ $minor }, and this hcops writes format { $major_2 }.{ $minor_2 }
it-was-written-by-a-newer-hcops-this-3039 = It was written by a newer hcops. This one may show it and report on it; update it to go on with the run.

## crates/journal/src/files.rs

what-is-not-on-disk-is-not-acted-ed2c = What is not on disk is not acted on, so the run stops here. Check free space, permissions and the disk, then take the run up again with `hcops resume`.

## crates/journal/src/gate.rs

is-neither-now-nor-at-time-nor-window-8bcd = `{ $text }` is neither `now` nor `at TIME` nor `window FROM-TO@ZONE`
leaves-open-on-which-day-or-in-which-9492 = `{ $text }` leaves open on which day or in which zone
it-was-to-begin-ago-a0f2 = it was to begin { $spoken } ago
the-budget-of-is-shorter-than-the-that-6e64 = the budget of { $spoken } is shorter than the { $spoken_2 } that it usually takes until the point of no return
the-window-of-is-shorter-than-the-that-6af4 = the window of { $spoken } is shorter than the { $spoken_2 } that writes are usually off
at-bc4e = at { $moment }
window-86d3 = window { $window }
budget-cb13 = { " " }budget { $budget }
name-the-time-zone-of-as-in-22-c87a = name the time zone of `{ $text }`, as in `22:00-02:00@Europe/Berlin`
is-not-of-the-form-22-00-02-91ce = `{ $text }` is not of the form 22:00-02:00
begins-when-it-ends-10a2 = `{ $text }` begins when it ends
no-such-hours-come-any-more-cfbb = no such hours come any more
is-no-time-zone-known-here-9e9a = `{ $place }` is no time zone known here
the-time-zone-of-this-machine-is-not-bfbe = the time zone of this machine is not known: name one, as in `22:00@Europe/Berlin`
is-no-time-of-day-as-22-00-24ce = `{ $text }` is no time of day, as 22:00 is
is-no-time-as-22-00-2026-12-b393 = `{ $text }` is no time, as 22:00, 2026-12-03T22:00 or 2026-12-03T22:00:00Z is
never-comes-c086 = `{ $text }` never comes
is-no-time-of-a-minute-and-more-0d94 = `{ $text }` is no time of a minute and more, as 30m or 1h 30m is

## crates/journal/src/lease.rs

process-ab6c = { $machine } (process { $pid })
the-run-was-taken-by-on-at-603c = the run was taken by { $by } on { $place } at { $since }
this-process-stops-so-that-two-never-work-03d6 = This process stops, so that two never work on one run. Nothing is lost: the other one goes on.
cannot-be-read-any-more-f327 = { $directory } cannot be read any more
it-cant-be-told-who-holds-the-run-6577 = It can't be told who holds the run, so this process stops. Take it up again with `hcops resume`.
on-in-dd33 = { $by } on { $place }, in { $path }
whether-its-process-is-still-at-work-cannot-4bea = whether its process is still at work cannot be seen from here
its-process-may-still-be-there-d258 = its process may still be there
this-machine-has-been-started-anew-since-so-76ea = this machine has been started anew since, so its process is gone
this-folder-is-a-copy-the-run-was-4e40 = this folder is a copy: the run was held by { $by } on { $place } in { $path }, and this is { $path_2 }; { $process }
go-on-with-it-there-hcops-stop-and-3e45 = Go on with it there (`hcops stop` and `hcops resume`). Where that machine is lost, or nobody will go on there, say why: --take-over "WHY". It is written into the journal.
another-process-3d2a = another process
on-since-bb1e = { $by } on { $place } since { $since }
the-run-is-held-by-e5ec = the run is held by { $who }
only-one-process-works-on-a-run-follow-a8a6 = Only one process works on a run. Follow it with `hcops watch`, or have it stop at its next safe point: then the run can be gone on with here.

## crates/journal/src/memory.rs

the-journal-could-not-be-written-a-planned-d718 = the journal could not be written (a planned failure)

## crates/journal/src/reading.rs

something-else-follows-where-it-should-end-9502 = something else follows where it should end
it-is-not-a-line-that-hcops-has-e0f1 = it is not a line that hcops has written
its-seal-does-not-fit-the-lines-before-8542 = its seal does not fit the lines before it: the journal was changed or lines are missing
it-cannot-be-understood-54c5 = it cannot be understood: { $error }
it-does-not-say-in-which-format-the-b505 = it does not say in which format the journal is written
the-journal-has-format-and-this-hcops-reads-40fd = the journal has format { $major }.{ $minor }, and this hcops reads format { $major_2 }.x
it-was-written-by-a-newer-hcops-update-db04 = It was written by a newer hcops: update this one, then repeat the command. Nothing was changed.
line-of-the-journal-is-broken-9c53 = line { $number } of the journal is broken: { $why }
keep-the-runs-directory-as-evidence-and-restore-a2c1 = Keep the run's directory as evidence and restore the journal from a backup if there is one. Otherwise look at the app's state with `hcops status` and make a new plan from there.

## crates/journal/src/references.rs

the-reference-in-is-not-closed-a1b8 = the reference in `{ $text }` is not closed
should-have-been-filled-in-when-the-plan-6d6e = `${ "{" }{ $path }{ "}" }` should have been filled in when the plan was made
refers-to-a-step-that-has-not-settled-3412 = `${ "{" }{ $path }{ "}" }` refers to a step that has not settled, so its output is not known
refers-to-a-field-that-the-step-did-0dad = `${ "{" }{ $path }{ "}" }` refers to a field that the step did not put out

## crates/journal/src/run_state/apply.rs

the-run-was-parked-since-09fe = the run was parked since
the-run-was-stopped-since-0525 = the run was stopped since
was-seen-broken-33b1 = { $hold } was seen broken
took-the-run-since-c304 = { $by } took the run since

## crates/journal/src/run_state/legal.rs

line-was-expected-edc8 = line { $seq } was expected
the-run-is-closed-cba3 = the run is closed
the-run-is-already-open-c7b6 = the run is already open
its-fence-is-and-was-given-out-before-11bb = its fence is { $fence }, and { $newest } was given out before
the-plan-is-already-approved-e570 = the plan is already approved
is-not-the-digest-of-the-plan-65e9 = { $given } is not the digest of the plan
nothing-was-asked-under-the-name-e018 = nothing was asked under the name { $id }
does-not-answer-the-question-4053 = `{ $answer }` does not answer the question { $id }
the-point-of-no-return-is-behind-us-5aa0 = the point of no return { $name } is behind us
the-plans-digest-is-not-edeb = the plan's digest is { $made }, not { $written }
the-run-changes-something-so-it-can-be-5b82 = the run changes something, so it can be gone on with
step-is-not-finished-80f1 = step { $id } is not finished
the-verdict-does-not-fit-the-active-plan-816e = the verdict does not fit the active plan
the-run-is-parked-1cbe = the run is parked
the-plan-has-not-been-approved-267c = the plan has not been approved
it-is-not-the-turn-of-step-7969 = it is not the turn of step { $id }
is-not-the-name-to-confirm-c5e2 = `{ $given }` is not the name to confirm, { $name }
step-is-no-point-of-no-return-1999 = step { $id } is no point of no return
attempt-of-step-follows-attempt-f65c = attempt { $attempt } of step { $id } follows attempt { $attempts }
the-point-of-no-return-has-not-been-1aba = the point of no return { $name } has not been confirmed
the-act-of-step-may-already-have-taken-e38d = the act of step { $id } may already have taken place
step-may-not-be-skipped-51df = step { $id } may not be skipped
step-has-no-open-intent-cde0 = step { $id } has no open intent

## crates/journal/src/run_state/mod.rs

rehearsal-of-scenario-e4d6 = rehearsal of scenario{ " " }
it-was-about-dd20 = it was about { $name }
it-lasts-for-minutes-ae1d = it lasts for { $as_secs } minutes
the-journal-has-no-line-c100 = the journal has no line
an-empty-journal-does-not-tell-what-was-4b12 = An empty journal does not tell what was done. Where nothing is kept in the folder `evidence` beside it, the run never began: start it again with `hcops run`. Otherwise keep the folder, and see with `hcops status` what is off.
the-first-line-must-say-what-was-opened-486a = the first line must say what was opened
the-first-line-must-have-the-number-1-c419 = the first line must have the number 1
was-left-out-and-this-hangs-on-its-79e8 = { $step } was left out, and this hangs on its answer
line-of-the-journal-cannot-follow-the-lines-036d = line { $seq } of the journal cannot follow the lines before it: { $objection }
the-journal-was-changed-by-something-other-than-395c = The journal was changed by something other than hcops, or there is a defect. Keep it as evidence, look at the app's state with `hcops status`, and make a new plan from there.

## crates/journal/src/store.rs

there-is-no-run-in-9d72 = there is no run `{ $name }` in { $root }
hcops-runs-lists-the-runs-of-this-machine-abb7 = `hcops runs` lists the runs of this machine. A run of another machine is in that machine's state directory.
give-more-of-the-id-057e = Give more of the id: { $joined }.
the-last-line-bytes-is-being-written-or-2d7c = the last line ({ $torn } bytes) is being written, or was torn by a crash
the-journal-has-the-newer-format-it-can-ea50 = the journal has the newer format { $major }.{ $minor }: it can be read here, not gone on with
kinds-of-entry-that-this-version-does-not-9750 = kinds of entry that this version does not know: { $unknown }

## crates/runbook/src/book.rs

a-whole-number-ef06 = a whole number
a-text-7341 = a text
a-name-of-a-letter-followed-by-letters-fed1 = a name of a letter followed by letters, digits, dashes and underscores
a-plan-of-heroku-postgres-such-as-standard-afe1 = a plan of Heroku Postgres such as standard-0
a-list-of-texts-7755 = a list of texts
a-file-that-holds-a-json-object-15d2 = a file that holds a JSON object

## crates/runbook/src/diagnostic.rs

used-by-b51e = used by { $value }, { $file }:{ $line }
note-6387 = { " " }note: { $user }
and-more-ac37 = { "  " }and { $more } more

## crates/runbook/src/difference.rs

not-there-2a1d = (not there)
order-2c52 = { $path } (order)

## crates/runbook/src/document.rs

make-the-plan-again-with-hcops-plan-o-1077 = make the plan again with `hcops plan … -o plan.json` and have it reviewed
this-is-not-a-plan-it-has-no-5aeb = this is not a plan: it has no `digest` with a `plan` beside it
give-the-file-that-hcops-plan-o-plan-249d = give the file that `hcops plan … -o plan.json` wrote
the-plan-cant-be-read-6ab1 = the plan can't be read: { $error }
edited-or-damaged-40b5 = edited or damaged
the-plan-is-torn-the-file-ends-in-6c0c = the plan is torn: the file ends in the middle
it-ends-here-ae9d = it ends here
the-plan-is-not-json-95a9 = the plan is not JSON: { $error }
it-stops-making-sense-here-ade1 = it stops making sense here
newer-804f = newer
older-da92 = older
the-plan-has-format-and-this-hcops-runs-8674 = the plan has format { $format }, and this hcops runs format { $format_2 } only
run-it-with-hcops-which-made-it-or-7903 = run it with hcops { $tool }, which made it; or { $again }
it-was-made-by-hcops-85bf = it was made by { $age } hcops { $tool }
the-plan-does-not-fit-its-digest-2758 = the plan does not fit its digest
what-stands-below-has-the-digest-f118 = what stands below has the digest { $short }
it-was-changed-after-it-was-made-so-1686 = it was changed after it was made, so it is not what was reviewed; { $again }

## crates/runbook/src/facts.rs

the-fact-is-not-a-list-0cd5 = the fact `{ $path }` is not a list
in-6471 = { " " }in `{ $walked }`
facts-are-named-without-a-word-in-front-dc0c = facts are named without a word in front, as in `${ "{" }connection.id{ "}" }`
there-is-no-618d = there is no `{ $segment }`{ $below }
use-it-whole-or-make-a-step-for-5d31 = use it whole, or make a step for each of its things with `for_each`
is-a-list-b6a2 = `{ $walked }` is a list
has-no-parts-014e = `{ $walked }` has no parts

## crates/runbook/src/library.rs

there-is-no-procedure-called-c1f8 = there is no procedure called `{ $procedure }`
the-procedure-has-no-method-called-eb37 = the procedure `{ $procedure }` has no method called `{ $method }`
the-procedure-has-more-than-one-method-39a0 = the procedure `{ $procedure }` has more than one method
name-one-cf2a = name one: { $listed }

## crates/runbook/src/plan/conditions.rs

not-there-56ee = not there
is-not-0fcc = { $what } is { $shown }, not { $shown_2 }
is-not-one-of-bbd4 = { $what } is { $shown }, not one of { $wanted }
the-answer-to-64c9 = the answer to `{ $step }`
of-f6b8 = { " " }of { $label }

## crates/runbook/src/plan/guard.rs

the-value-of-holds-a-password-42c7 = the value of --{ $replace } holds a password
name-the-add-on-or-the-config-var-ea67 = name the add-on or the config var instead: hcops reads the rest itself
noted-values-e9cf = noted values
the-surveys-hold-a-password-f8e3 = the survey's { $what } hold a password
please-report-this-as-a-defect-of-hcops-a00e = please report this as a defect of hcops
a-plan-is-stored-and-shown-so-no-fb54 = a plan is stored and shown, so no secret may get into it

## crates/runbook/src/plan/inputs.rs

has-no-input-eff3 = `{ $value }` has no input { $flag }
is-needed-1ee4 = { $flag } is needed
is-needed-the-survey-found-no-to-take-7e40 = { $flag } is needed: the survey found no `{ $path }` to take instead
the-surveyed-43bc = the surveyed `{ $path }`
must-be-not-ef31 = { $flag } must be { $wanted }, not { $what }

## crates/runbook/src/plan/late.rs

it-is-left-out-because-9052 = it is left out because { $reason }
there-is-no-such-step-a91b = there is no such step
needs-the-step-59b0 = `{ $id }` needs the step `{ $id_2 }`: { $why }
needs-another-step-7fe4 = needs another step
give-both-steps-the-same-condition-8111 = give both steps the same condition

## crates/runbook/src/plan/make.rs

the-method-is-not-for-this-database-its-7674 = the method `{ $method }` is not for this database: its tier is `{ $tier }` (plan { $plan })
it-needs-one-of-cbc6 = it needs one of { $known }
see-the-other-methods-of-with-hcops-runbook-9887 = see the other methods of `{ $procedure }` with `hcops runbook list` and name one with `--method`
the-survey-found-no-app-name-824c = the survey found no `app.name`
a-plan-is-for-one-app-by-name-2062 = a plan is for one app, by name
name-the-app-with-a-app-5048 = name the app with `-a APP`
because-d8d3 = `{ $id }` because { $reason }
every-step-that-makes-the-change-is-left-f744 = every step that makes the change is left out: { $reasons }
the-plan-would-interrupt-everything-and-change-nothing-609d = the plan would interrupt everything and change nothing
choose-another-input-or-method-for-this-app-750e = choose another input or method for this app
it-only-looks-there-is-nothing-to-take-21be = It only looks: there is nothing to take back.
take-back-885c = Take back: { $prose }

## crates/runbook/src/plan/repeat.rs

the-survey-found-no-list-1c34 = the survey found no list `{ $value }`
no-steps-can-be-made-b1ba = no steps can be made
two-things-of-are-called-a439 = two things of `{ $value }` are called `{ $double }`
their-steps-could-not-be-told-apart-5517 = their steps could not be told apart
has-nothing-called-it-has-6c8f = `{ $value }` has nothing called `{ $stranger }`; it has { $known }
none-of-was-named-it-has-3c1c = none of `{ $value }` was named; it has { $known }

## crates/runbook/src/plan/scope.rs

cant-be-filled-in-c2e1 = can't be filled in
is-not-a-text-so-it-cant-stand-8251 = { $reference } is not a text, so it can't stand inside one
the-survey-found-no-b6c9 = the survey found no `{ $path }`
look-at-the-app-with-hcops-doctor-the-4422 = look at the app with `hcops doctor`: the step that needs it can't be planned without
the-value-of-contains-which-would-be-taken-c52a = the value of `{ $path }` contains `${ "{" }`, which would be taken for a reference
give-the-thing-another-name-7f34 = give the thing another name

## crates/terminal/src/ahead.rs

point-of-no-return-in-2-steps-2c2c = POINT OF NO RETURN{ $nth } in 2 steps:
point-of-no-return-in-steps-a550 = POINT OF NO RETURN{ $nth } in { $index } steps:
usually-b826 = (usually { $duration })
and-more-point-of-no-return-in-steps-3017 = and { $more } more; POINT OF NO RETURN in { $index } steps
and-more-d6cb = and { $more } more
on-the-way-back-what-was-before-is-7540 = on the way back: what was before is being restored
no-way-back-any-more-only-forward-5f7d = no way back any more, only forward
nothing-to-undo-so-far-7234 = nothing to undo so far
abort-undoes-1-step-de03 = abort undoes 1 step: { $one }
abort-undoes-steps-7d57 = abort undoes { $many } steps: { $many_2 }

## crates/terminal/src/crossing.rs

what-becomes-impossible-9deb = What becomes impossible:
the-facts-observed-just-now-8826 = The facts, observed just now ({ $time_of_day }):
the-facts-observed-just-now-9732 = The facts, observed just now:
done-so-far-of-steps-9726 = Done so far: { $count } of { $of } steps
the-name-to-type-3c70 = The name to type:

## crates/terminal/src/downtime.rs

writes-stay-on-49e8 = writes stay on
writes-on-they-will-be-off-for-about-1636 = writes on; they will be off for about { $duration }
writes-were-off-for-e196 = writes were off for { $duration }
writes-were-off-for-about-was-estimated-0dc3 = writes were off for { $duration }; about { $duration_2 } was estimated
writes-off-for-longer-than-estimated-fa9a = writes off for { $so_far }, { $over } longer than estimated
writes-off-for-longer-than-estimated-about-left-a418 = writes off for { $so_far }, { $over } longer than estimated; about { $told_left } left
writes-off-for-of-about-76ef = writes off for { $so_far } of about { $estimate }
writes-off-for-of-about-about-left-bb3b = writes off for { $so_far } of about { $estimate }; about { $told_left } left
writes-off-for-7a4c = writes off for { $so_far }
writes-off-for-about-left-3bf0 = writes off for { $so_far }; about { $told_left } left

## crates/terminal/src/fault.rs

error-ca00 = error
why-2be2 = why
remedy-ba60 = remedy
request-id-84bb = { $method } { $target } ({ $status }), request id { $id }
request-1f58 = request

## crates/terminal/src/interactive.rs

to-go-on-135b = To go on:

## crates/terminal/src/live.rs

app-connection-db48 = app { $app }, connection { $resource }
app-e14c = app { $app }
of-done-in-b23e = { $done } of { $of } done, in { $duration }
of-done-bbdd = { $done } of { $of } done

## crates/terminal/src/measure.rs

of-3bae = { $done } of { $of } ({ $percent }%)
of-d52a = { $done } of { $of } { $unit }
n-1-commit-acfd = 1 commit
behind-9b78 = { $count } behind
behind-falling-3a92 = { $count } behind, falling
behind-unchanged-b630 = { $count } behind, unchanged
behind-rising-e5d5 = { $count } behind, rising

## crates/terminal/src/menu.rs

press-a-key-or-choose-with-the-arrows-c50d = Press a key, or choose with the arrows and Return.
choose-with-a-key-or-the-arrows-then-b375 = Choose with a key or the arrows, then Return.

## crates/terminal/src/needs.rs

this-run-needs-a-person-3ecd = This run needs a person.
asked-as-well-before-writes-go-off-so-2ec5 = Asked as well before writes go off, so that nobody is needed while they are:
to-answer-a2ce = To answer:
to-answer-one-of-c8ad = To answer, one of:
writes-are-off-for-so-far-this-brings-86b0 = Writes are off, for { $duration } so far. This brings them back:
what-helps-by-hand-ea70 = What helps, by hand:
what-would-help-the-real-app-this-is-7be4 = What would help the real app; this is a rehearsal, so don't type it now:
to-go-on-without-an-answer-it-looks-bc07 = To go on without an answer (it looks again first):
to-go-on-with-the-run-instead-cea6 = To go on with the run instead:
to-turn-back-and-restore-what-was-before-e77e = To turn back, and restore what was before:
real-app-38e4 = real app:
what-becomes-impossible-c75b = What becomes impossible: { $lost }
confirmed-by-the-name-a873 = Confirmed by the name: { $name }
plan-digest-51b8 = plan digest { $digest }

## crates/terminal/src/plan.rs

by-app-connection-7cae = { $procedure } by { $method }, app { $app }, connection { $resource }
by-app-e947 = { $procedure } by { $method }, app { $app }
a-document-of-bytes-d78f = a document of { $value } bytes
attachments-of-the-old-database-f242 = Attachments of the old database
is-0f1e = { $part }::{ $part_2 } is { $part_3 }. { $part_4 }
before-you-approve-ec75 = Before you approve
steps-1de3 = Steps
left-out-of-this-run-3afd = Left out of this run
group-12f1 = group { $group }
why-06a1 = why:
only-while-8426 = only while:
checked-before-and-during-the-run-d61a = checked before and during the run:
changes-ac5b = changes:
only-looks-30bd = only looks:
n-1-statement-b2c9 = [1 statement]
statements-7e9c = [{ $items } statements]
no-way-back-c74b = no way back:
abort-9736 = abort:
abort-with-f879 = abort: with { $other }
way-back-1b59 = way back:
by-approving-this-plan-with-approve-you-attest-8267 = By approving this plan with --approve you attest
usually-takes-8071 = Usually takes { $duration }.
writes-are-off-for-about-of-it-f521 = Writes are off for about { $duration } of it.
sources-f7f5 = Sources: { $sources }
made-by-hcops-bce5 = Made { $moment } by hcops { $tool }.
digest-8d1c = Digest:
step-2293 = step { $number } ({ $name })
steps-88e9 = { $count } steps.
there-are-points-of-no-return-and-each-307e = There are { $asks } points of no return, and each asks for its name: { $asks_2 }.
until-the-first-step-hcops-abort-restores-what-34e5 = Until the first, step { $first }, `hcops abort` restores what was before.
from-there-on-the-run-only-goes-forward-d186 = From there on the run only goes forward, also where it is left before step { $last }.
n-1-step-327b = 1 step.
step-is-the-point-of-no-return-it-4feb = Step { $number } is the point of no return: it asks for the name { $name }.
until-then-hcops-abort-restores-what-was-before-0dee = Until then `hcops abort` restores what was before.
n-1-step-and-no-point-of-no-return-0e49 = 1 step, and no point of no return.
steps-and-no-point-of-no-return-dbd1 = { $count } steps, and no point of no return.

## crates/terminal/src/plan_page.rs

checked-0efd = Checked
by-approving-it-you-attest-d9f1 = By approving it you attest
to-carry-out-exactly-this-plan-db1c = To carry out exactly this plan
about-b1bd = about { $duration }
by-hcops-73ae = { $moment } by hcops { $tool }
app-0d04 = App
connection-639a = Connection
procedure-9c28 = Procedure
usually-takes-fdc3 = Usually takes
writes-are-off-8ada = Writes are off
point-of-no-return-42a2 = Point of no return
digest-6e2f = Digest
made-45a5 = Made
step-de59 = step { $index }: { $name }
step-3e64 = step
usually-ceb1 = usually
way-back-d3cb = way back
point-of-no-return-0890 = Point of no return{ $nth }.
only-looks-a0ea = only looks

## crates/terminal/src/printer.rs

n-1-line-7de2 = 1 line
lines-3865 = { $lines } lines
left-out-here-the-reader-did-not-keep-9581 = ({ $lines } { $are } left out here: the reader did not keep up. `hcops report` has everything.)
standard-error-bd4d = standard error

## crates/terminal/src/prompt.rs

type-to-cross-or-nothing-to-leave-21c1 = Type { $name } to cross, or nothing to leave{ $leaving }.
name-dcd1 = Name
not-now-leave-and-resume-later-1148 = Not now: leave, and resume later
at-a-time-d9e6 = At a time
between-hours-on-whichever-day-7f7a = Between hours, on whichever day
when-may-writes-go-off-78d4 = When may writes go off?
when-22-00-or-2026-12-03t22-00-1bb3 = When? 22:00, or 2026-12-03T22:00 for another day; nothing to leave.
time-33b9 = Time
between-which-hours-22-00-02-00-or-f6f0 = Between which hours? 22:00-02:00, or 22:00-02:00@Europe/Berlin; nothing to leave.
hours-21e8 = Hours
type-the-name-or-to-be-asked-when-c1d9 = Type the name, or `{ $ask_there }` to be asked when it is reached; nothing to leave.
writes-stay-off-abort-is-no-longer-possible-3c37 = : writes stay off, abort is no longer possible, and only resume leads on
writes-stay-off-until-you-resume-or-abort-50d6 = : writes stay off until you resume or abort
abort-is-no-longer-possible-and-only-resume-1712 = : abort is no longer possible, and only resume leads on
you-can-resume-or-abort-later-7e11 = : you can resume or abort later
say-what-is-asked-for-nothing-to-leave-d624 = Say what is asked for; nothing to leave. It is recorded under your name.
answer-b2a3 = Answer
do-you-attest-this-yes-no-or-in-8320 = Do you attest this? yes, no, or in your own words; nothing to leave. It is recorded under your name.
that-is-a-command-for-a-shell-and-8b38 = That is a command for a shell and no answer: hcops still asks. Ctrl-Z does nothing while it asks.
the-address-which-is-written-down-nowhere-else-1f5a = The address, which is written down nowhere else:
open-the-address-in-a-browser-now-1dcc = Open the address in a browser now?
no-browser-could-be-opened-open-the-address-3ecc = No browser could be opened ({ $error }); open the address by hand.
it-did-happen-088f = It did happen
it-did-not-happen-657e = It did not happen
what-happened-c4dc = What happened?
what-now-6a62 = What now?
why-is-it-skipped-the-reason-is-kept-f342 = Why is it skipped? The reason is kept for the record.
reason-f81a = Reason
i-do-not-know-yet-leave-and-resume-8640 = I do not know yet: leave, and resume later
try-again-look-at-the-world-and-act-3d12 = Try again: look at the world, and act if that is called for
keep-waiting-b9ad = Keep waiting
show-the-evidence-then-ask-again-bf0d = Show the evidence, then ask again
skip-this-step-with-a-reason-bb12 = Skip this step, with a reason
it-was-done-by-hand-look-whether-that-5534 = It was done by hand: look whether that is so
abort-restore-what-was-before-ac87 = Abort: restore what was before
leave-resume-later-f69b = Leave; resume later

## crates/terminal/src/stage.rs

ctrl-c-stops-at-a-safe-point-ctrl-8318 = Ctrl-C stops at a safe point  Ctrl-Z pauses

## crates/terminal/src/tale.rs

run-opened-by-1328 = run { $run } opened by { $by }: { $title }
plan-against-4a72 = plan { $short }, against { $origin }
asks-ac60 = asks: { $text }
plan-approved-by-dc6b = plan approved by { $by } ({ $how })
crossing-confirmed-by-6efb = crossing confirmed by { $by } ({ $how }): { $given }
the-server-answered-8fea = the server answered: { $said }
answered-13ab = { $by } answered { $question } ({ $how }): { $answer }
the-act-failed-9229 = the act failed
the-look-failed-8382 = the look failed
it-did-not-take-place-the-point-of-6b60 = It did not take place: the point of no return is not behind the run.
skipped-by-because-6f46 = skipped by { $by }, because: { $reason }
point-of-no-return-passed-with-bf2d = POINT OF NO RETURN{ $nth } passed with { $name }
parked-a-person-must-answer-c651 = parked: a person must answer
stopped-cd07 = stopped. { $told }
taken-up-again-by-6cb4 = taken up again by { $by }
turned-back-by-plan-820e = turned back by { $by }: { $title } (plan { $short })
done-except-for-what-a-person-left-out-e0d2 = done, except for what a person left out or attested
aborted-and-what-was-before-is-restored-9995 = aborted, and what was before is restored
over-a-look-failed-51fa = over: a look failed
waiting-waited-usually-longer-than-usual-987f = waiting: { $note }; waited { $waited }, usually { $usual }, longer than usual
a-person-is-asked-after-f2bc = a person is asked after { $duration }
waiting-waited-usually-3961 = waiting: { $note }; waited { $waited }, usually { $usual }
will-be-tried-again-in-25a0 = will be tried again in { $duration }: { $saw }
stopping-620d = stopping: { $note }
process-is-suspended-it-still-holds-the-run-9f26 = process { $process } is suspended; it still holds the run
process-goes-on-887b = process { $process } goes on
condition-c1ce = condition { $hold }: { $text }
waiting-eed8 = waiting: { $with_part }
blocked-de2c = blocked: { $why }
cannot-be-told-from-here-338b = cannot be told from here: { $why }
of-6ad2 = { $note } ({ $done } of { $of })
does-8f3e = does: { $title }
done-seen-to-be-so-8043 = done: seen to be so
done-it-was-so-already-cd43 = done: it was so already
done-and-seen-to-be-done-e14c = done, and seen to be done
done-a-person-attests-it-7deb = done: a person attests it
done-found-in-the-world-after-an-interruption-8ee2 = done: found in the world after an interruption
after-3589 = { $how } (after { $duration })
writes-were-off-for-6e3f = { $verdict }; writes were off for { $duration }

## crates/terminal/src/typing.rs

y-or-n-d113 = y or n:
yes-or-no-7695 = Yes or no?
none-of-them-e55b = none of them
a-number-or-a-letter-df97 = A number or a letter:
that-is-none-of-the-choices-5225 = That is none of the choices.

## crates/terminal/src/underway.rs

and-more-at-the-same-time-77af = and { $steps } more at the same time
now-ed5e = now
for-longer-than-the-usual-f92b = for { $since }, longer than the usual { $usual }
for-usually-e50e = for { $since }; usually { $usual }
for-longer-than-the-usual-you-are-asked-ca97 = for { $since }, longer than the usual { $usual }; you are asked after { $limit }
for-usually-you-are-asked-after-3761 = for { $since }; usually { $usual }; you are asked after { $limit }

## crates/survey/src/apps.rs

has-the-database-an-app-that-this-account-5f23 = { $app } has the database; an app that this account may not see can't be kept from writing to it.
have-yourself-given-access-to-operate-and-deploy-5220 = Have yourself given access to { $app } (operate and deploy), or detach the database from it first.

## crates/survey/src/attachments.rs

on-d9df = { $name } on { $app }
the-connection-uses-it-so-the-connection-is-df1a = The connection uses it, so the connection is switched to the new database.
its-users-write-through-a-credential-of-their-fab9 = Its users write through a credential of their own. A follower has that credential; on any other new database it has to be created before this name is given to it.
the-pooler-must-lead-to-the-new-database-3297 = The pooler must lead to the new database, or its users would stay on the old one.
promotion-gives-this-name-to-the-new-database-403d = Promotion gives this name to the new database.
it-stays-as-the-old-databases-own-name-1785 = It stays as the old database's own name, by which it can be looked at and removed.
code-on-the-app-may-read-this-name-c434 = Code on the app may read this name, so it goes to the new database as well.
this-app-uses-the-database-too-and-would-c239 = This app uses the database too and would otherwise stay on the old one.

## crates/survey/src/belongings.rs

no-api-shows-these-of-look-for-them-e16b = No API shows these of { $old }; look for them by hand: dataclips (https://data.heroku.com/dataclips), labels (`heroku data:labels`).
logical-replication-slots-publications-and-subscriptions-8808 = Logical replication slots, publications and subscriptions of { $old } are looked for by SQL, and not with `--compare none`; then look by hand: `select * from pg_replication_slots`, `pg_publication`, `pg_subscription` in `heroku pg:psql { $old } -a { $app }`.
the-backup-schedules-51e8 = The backup schedules
a-name-that-is-not-shown-0d3a = a name that is not shown
is-backed-up-daily-at-a-schedule-stays-850b = { $old } is backed up daily at { $hour } { $zone } ({ $name }); a schedule stays with its database: `heroku pg:backups:schedule { $new } --at '{ $hour } { $zone }' -a { $app }`.
the-settings-6bdf = The settings
the-maintenance-window-673d = The maintenance window
the-maintenance-window-of-is-the-new-database-98cb = The maintenance window of { $old } is { $window }; the new database has one of its own: `heroku pg:maintenance:window { $new } 'DAY HH:MM' -a { $app }`.
the-links-c8a0 = The links
has-the-link-heroku-pg-links-create-remote-4aa1 = { $old } has the link { $name }: `heroku pg:links:create REMOTE { $new } --as { $name } -a { $app }`.
this-account-may-not-see-it-b1e2 = this account may not see it
heroku-does-not-know-it-c28f = Heroku does not know it
heroku-refuses-it-f21a = Heroku refuses it
the-request-failed-8b00 = the request failed
of-could-not-be-read-look-with-f652 = { $what } of { $old } could not be read ({ $why }): look with `{ $command }`.

## crates/survey/src/checkup/apps.rs

the-releases-of-479f = the releases of { $name }

## crates/survey/src/checkup/connections.rs

the-write-errors-of-8c64 = the write errors of { $name }
the-notifications-of-d847 = the notifications of { $name }

## crates/survey/src/checkup/databases.rs

the-add-on-3e7f = the add-on { $id }
the-attachments-of-f730 = the attachments of { $name }
the-upgrade-of-f9a1 = the upgrade of { $name }
the-config-vars-of-d25f = the config vars of { $app }
the-maintenance-of-b4fe = the maintenance of { $name }
maintenance-window-c1f6 = Maintenance window

## crates/survey/src/checkup/followers.rs

a-follower-without-a-name-5d06 = a follower without a name

## crates/survey/src/checkup/sql.rs

the-inside-of-by-sql-5a97 = the inside of { $name } (by SQL)
the-trigger-log-of-by-sql-694d = the trigger log of { $name } (by SQL)

## crates/survey/src/checkup/take.rs

the-add-ons-of-4326 = the add-ons of { $name }
the-list-of-the-connections-of-6346 = the list of the connections of { $name }
announced-maintenance-a8f3 = announced maintenance
connect-does-not-show-it-to-this-account-a8b6 = Connect does not show it to this account; `heroku connect:info -a { $app }` adds you to its list
has-no-connection-it-has-b33e = { $app } has no connection { $resource }; it has { $names }
the-name-that-was-given-is-not-one-064d = The name that was given is not one of them.
correct-resource-or-leave-it-out-to-see-dab3 = Correct --resource, or leave it out to see all of them.

## crates/survey/src/connection.rs

heroku-connect-shows-no-connection-of-to-this-4355 = Heroku Connect shows no connection of { $app } to this account
either-the-app-has-no-heroku-connect-add-1051 = Either the app has no Heroku Connect add-on, or this account is not on the connection's access list yet, which is empty at first and also when somebody has just been given access to the app.
if-the-add-on-is-there-have-the-68c6 = If the add-on is there, have the official command add you to the list (opening the add-on in the dashboard does the same), then try again. Surveying only looks, so it does not add you by itself.
has-connections-1056 = { $app } has { $names } connections: { $names_2 }
which-of-them-is-meant-cant-be-guessed-d93d = Which of them is meant can't be guessed.
name-one-with-resource-0d94 = Name one with --resource.

## crates/survey/src/database.rs

has-no-database-yet-ba00 = { $connection } has no database yet
a-connection-that-was-never-configured-has-nothing-b044 = A connection that was never configured has nothing to maintain.
choose-its-database-and-schema-first-dd1d = Choose its database and schema first.
the-connection-uses-whose-value-is-not-that-74ed = the connection uses { $db_key }, whose value is not that of any database attached to { $app }
the-connection-uses-which-is-not-set-on-e9ce = the connection uses { $db_key }, which is not set on { $app }
without-knowing-which-add-on-that-is-nothing-37df = Without knowing which add-on that is, nothing can be said about its followers, attachments or version.
attach-the-database-under-that-name-or-point-463b = Attach the database under that name, or point the connection at an attached one.

## crates/survey/src/noted.rs

the-upgrades-status-eb9c = The upgrade's status
connects-write-errors-1140 = Connect's write errors
the-rate-limit-a4f6 = The rate limit
whether-a-maintenance-of-is-planned-is-not-af92 = Whether a maintenance of { $name } is planned is not known.
the-postgres-maintenance-e2c8 = The Postgres maintenance
could-not-be-read-bbd7 = { $what } could not be read ({ $fault }).

## crates/survey/src/notices.rs

is-a-state-that-this-version-does-not-cd75 = { $name } is { $state }, a state that this version does not know: whether sync runs is not known either.
is-sync-does-not-run-76b9 = { $name } is { $state }; sync does not run.
the-mapping-is-1da3 = The mapping { $object_name } is { $shown }.
had-refused-write-s-to-salesforce-in-the-7448 = { $name } had { $count } refused write(s) to Salesforce in the last 24 hours.
is-on-the-demo-plan-at-most-10-0213 = { $name } is on the demo plan: at most 10,000 rows, polling every 10 minutes at the fastest, and a pause after 31 days without new data.
is-a-config-var-of-its-own-that-7377 = { $key } is a config var of its own that holds a copy of the database's address: no promotion or attachment changes it, so the connection has to be pointed at another config var (switch=repoint).
a-state-that-this-version-does-not-know-dd90 = { $state }, a state that this version does not know
gives-the-credential-and-is-moved-to-the-ede4 = { $one } gives the credential { $credential } and is moved to the new database. { $because }
is-a-connection-pooler-and-is-moved-with-e5ce = { $one } is a connection pooler and is moved with the database.
is-moved-to-the-new-database-e317 = { $one } is moved to the new database. { $because }
of-holds-the-address-of-by-hand-no-f22e = { $name } of { $app } holds the address of { $name_2 } by hand: no promotion or attachment changes it, and whatever reads it would go on with the old database. Attach the database under a name of its own instead (`heroku addons:attach { $name_2 } --as NAME -a { $app }`), or set it anew after the switch (`heroku config:set { $name }=NEW_ADDRESS -a { $app }`).
the-config-vars-of-may-not-be-read-32f5 = The config vars of { $app } may not be read by this account: whether one holds the address of { $name } by hand is not known, nor can it be seen afterwards that they lead to the new database.
stays-with-the-old-database-as-its-own-717f = { $one } stays with the old database as its own name: code that reads { $config_var } would go on using the old one.
the-database-has-credentials-beyond-the-default-one-e9b0 = The database has credentials beyond the default one ({ $further }): check them on the new database before their users need them.
the-databases-credentials-could-not-be-listed-there-7f3e = The database's credentials could not be listed; there may be some beyond the default one.
has-a-release-phase-it-runs-at-each-1d9d = { $name } has a release phase: it runs at each attachment, and when it fails the app stays without the new address.
is-in-maintenance-mode-already-and-is-left-d794 = { $name } is in maintenance mode already and is left so.
is-an-essential-database-it-can-have-no-670a = { $name } is an Essential database: it can have no follower, so its version is upgraded in place or by a copy.
belongs-to-which-is-billed-for-it-d89b = { $name } belongs to { $name_2 }, which is billed for it.
keeping-a-second-database-of-this-plan-costs-3c11 = Keeping a second database of this plan costs { $dollars } a month until one of the two is removed.
what-a-second-costs-is-a-matter-of-fdc5 = What a second { $name } costs is a matter of your contract.
has-followers-they-go-on-following-the-old-5bbe = { $name } has followers ({ $followers }): they go on following the old database and have to be made anew.
heroku-has-scheduled-a-maintenance-of-the-database-e5e1 = Heroku has scheduled a maintenance of the database for { $scheduled }.
announced-from-to-1e58 = Announced: { $title }, from { $starts } to { $ends }.
announced-without-times-that-a-program-can-read-4b0a = Announced, without times that a program can read, so judge for yourself whether it overlaps: { $text }
announced-without-times-55a9 = Announced without times: { $title }.
an-incident-goes-on-at-heroku-6e7b = An incident goes on at Heroku: { $title }.

## crates/survey/src/take.rs

heroku-warns-0900 = Heroku warns: { $warning }
everything-else-is-found-through-the-app-c784 = Everything else is found through the app.

## crates/survey/src/unsupported.rs

no-statement-of-herokus-was-found-that-heroku-dad4 = No statement of Heroku's was found that Heroku Connect works with Postgres Advanced, so hcops plans nothing on it.
runs-on-the-fir-generation-of-herokus-platform-3600 = { $name } runs on the Fir generation of Heroku's platform
no-statement-of-herokus-was-found-that-heroku-1ccd = No statement of Heroku's was found that Heroku Connect works with apps on Fir, which run in Private Spaces only and without Shield, so hcops plans nothing for them.
ask-herokus-support-before-anything-is-done-to-40a5 = Ask Heroku's support before anything is done to it.

## crates/survey/src/windows.rs

the-times-of-planned-maintenances-could-not-be-0d05 = The times of planned maintenances could not be read ({ $fault }).
herokus-status-site-could-not-be-read-3f44 = Heroku's status site could not be read ({ $fault }).

## words of facts

begins-b2b9 = begins
exists-ad5a = exists
kept-79f0 = kept
left-360f = left
moved-5edd = moved
nothing-1785 = nothing
promoted-348f = promoted
switched-411c = switched
