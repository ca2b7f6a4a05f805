### Japanese. One message for each id of en.ftl; docs/language.md has the words to use.

## runbooks/connect-maintenance-ride-out.toml

a-window-that-begins-within-so-many-minutes-37c7 = 何分以内に始まるメンテナンスを待つか（分）
note-the-pending-writes-and-write-errors-of-30c9 = { $connection_name } の未送信の書き込みと書き込みエラーを記録する
nothing-is-changed-f214 = 何も変更しません。
only-errors-that-come-afterwards-say-something-about-2e40 = メンテナンスの影響を示すのは、その後に出たエラーだけです。すでに始まっている場合、終わるまで Connect は何も応答しません。
wait-until-announced-maintenance-is-over-and-answers-ef2d = 予告されたメンテナンスが終わり、{ $connection_name } が応答するまで待つ
while-it-lasts-connect-can-be-neither-paused-0ba7 = メンテナンス中の Connect は、一時停止も再開も設定もできません。通常の同期には自動で戻ります。
check-that-sync-is-whole-idle-each-mapping-5a9e = 同期が正常であることを確認する：接続が IDLE、各マッピングが DATA_SYNCED、その間にたまった分が送信済み
connect-kept-the-changes-made-meanwhile-and-continues-2bfa = Connect はその間の変更を保持し、終わった後に続きから同期します。そうなったと思い込まず、実際に確認します。
heroku-takes-connect-offline-from-time-to-time-031f = Heroku は時々 Connect をオフラインにします。通常は 45 分以内で、作業はすべて Heroku が行います。日時の指定も変更もできません。その間、同期はすべて止まり、Connect の設定もできませんが、Postgres のデータは読み書きできます。Connect は変更を保持し、終わると自動で続きから同期します。そのため、遅れを見込んでおくほかに準備は要りません。この実行は何も変更しません。予告されたメンテナンスが終わるのを待ち、同期が正常であることを確認します。メンテナンスは約 2 週間前に予告されます。`hcops windows` で一覧と、数時間かかる実行を今始めて安全かどうかが分かります。
ride-out-herokus-maintenance-of-9776 = Heroku による { $connection_name } のメンテナンスをやり過ごす

## runbooks/connection-recreate-import.toml

what-is-written-to-a-mapped-table-while-0654 = 接続がない間にマッピングされたテーブルへ書き込まれたものは、どこにも捕捉されません。リリースフェーズは動いてもかまいません。アドオンの削除と作成がリリースフェーズを起動します。
an-app-that-has-the-database-only-since-1547 = 計画の作成後に初めてこのデータベースを持ったアプリは、計画のどの手順にも含まれません。誰もそれを止めないことになります。
a-connection-that-still-syncs-takes-in-changes-9b2f = まだ同期している接続は変更を取り込みますが、その変更は接続とともに失われます。
whoever-still-writes-to-a-mapped-table-from-8796 = どこから接続しているものであれ、マッピングされたテーブルにまだ書き込んでいると、その書き込みはどこにも捕捉されません。
the-file-has-to-be-what-the-connection-57b6 = ファイルの内容は、現在の接続と一致していなければなりません。後に残るのはこのファイルだけです。
a-change-that-has-not-reached-salesforce-never-bcca = Salesforce に届いていない変更は、二度と届きません。削除した接続のトリガーログは、もう読まれません。
how-the-connection-is-before-synced-it-is-33e7 = 再作成前の接続の状態：synced（同期している：未処理分を捌いてから一時停止します）、または broken（Sandbox の更新後など、もう直らない：送れずに残っているものは証拠として保存するだけです）
whether-the-database-is-looked-into-counts-sees-fedf = データベースの中を調べるか：counts は書き込みのない状態であることと未送信の変更を確認し、マッピングされたテーブルの行を前後で数え、テーブル上に SQL で作られたものを一覧にします；none はデータベースに接続しないため、誰かが手動で確認する必要があります
name-of-the-new-connections-add-on-chosen-31ea = 新しい接続のアドオン名（作成前に決めておく）
postgres-schema-of-the-new-connection-another-one-ce94 = 新しい接続の Postgres スキーマ；以前と違うスキーマにすると、空のテーブルから始まります
how-writes-to-mapped-tables-are-stopped-maintenance-56c1 = マッピングされたテーブルへの書き込みをどう止めるか：アプリのメンテナンスモードとスケール、または誰も書き込まないという証言
check-that-can-be-removed-and-that-can-cf5d = { $connection_name } を削除できること、{ $inputs_new_name } で置き換えられることを確認する
after-the-removal-it-would-be-too-late-78e8 = 名前が使用済みであることや、ログイン先を誰も知らないことが削除後に分かっても手遅れです。
check-that-and-its-mappings-are-healthy-da0e = { $connection_name } とそのマッピングが正常であることを確認する
only-a-connection-that-syncs-can-bring-to-9a9d = まだ送信待ちの変更を Salesforce に届けられるのは、同期している接続だけです。もう直らない接続の場合：--before broken。
the-new-connection-gets-the-same-config-var-0917 = 新しい接続にも同じ環境設定（config var）を使わせます。手動で設定された環境設定は、明日には別のデータベースを指しているかもしれません。
see-whether-the-schema-is-in-already-c417 = スキーマ { $inputs_schema } がすでに { $database_name } にあるかを確かめる
the-tables-of-a-removed-connection-stay-heroku-fd26 = 削除した接続のテーブルは残ります。その上に新しい接続を設定できるかどうかは、Heroku の文書に書かれていません。
check-that-no-announced-heroku-maintenance-falls-into-7674 = 予告された Heroku のメンテナンスが今から 3 時間以内にないことを確認する
while-connect-is-under-maintenance-nothing-can-be-bb9a = Connect のメンテナンス中は何も設定できません。最長 45 分続きます。
check-that-can-be-read-by-sql-from-6a34 = { $database_name } をここから SQL で読めることを確認する
who-writes-what-has-not-been-sent-and-e2f4 = 誰が書き込んでいるか、何が未送信か、テーブル上に何が作られているかを、データベースそのもので確認します。
export-the-configuration-of-into-a-file-and-c9e5 = { $connection_name } の設定をファイルにエクスポートし、すべてのマッピングが入っていることを確認する
the-file-is-what-the-new-connection-is-01a9 = このファイルから新しい接続を作ります。実行の証拠に保存し、`heroku connect:import` でも読み込めます。
note-write-algorithm-beta-features-batch-sizes-and-54fd = { $connection_name } の書き込みアルゴリズム、ベータ機能、バッチサイズ、Salesforce API のバージョンを記録する
an-import-brings-none-of-them-back-and-2c1b = いずれもインポートでは元に戻らず、削除後にはもう読み取れません。
note-the-collaborators-of-and-their-notifications-d52c = { $connection_name } のコラボレーターとその通知を記録する
no-api-shows-them-they-have-to-be-fc8d = これらを表示する API はありません。新しい接続には手動で設定する必要がありますが、そのときにはもう調べられません。
who-are-the-collaborators-of-and-which-notifications-3bb8 = { $connection_name } のコラボレーターは誰で、それぞれどの通知を受け取りますか？ 接続のページで確認できます：`heroku addons:open { $connection_name } -a { $app_name }` の Settings。
list-what-is-built-by-sql-on-the-563c = マッピングされたテーブル上に SQL で作られたものを一覧にする
an-import-brings-back-the-indexes-that-were-30ca = インポートで元に戻るインデックスは、Connect を通して作ったものだけです。SQL で作ったものは戻りません。ビューや外部キーがあると、読み込みに失敗することがあります。
check-that-apps-attachments-followers-of-and-mappings-ff38 = アプリ、アタッチメント、{ $database_name } のフォロワー、マッピングが計画どおりであることを確認する
nothing-is-changed-yet-that-hcops-abort-does-8305 = `hcops abort` で元に戻せない変更は、まだ何もありません。
hours-may-have-passed-since-the-plan-was-9aa5 = 計画を立ててから何時間も経っていることがあります。その後にデータベースを持つようになったアプリは静止の対象にならず、アタッチメントは取り残されてしまいます。
attest-that-nobody-writes-to-the-mapped-tables-f0e0 = マッピングされたテーブルに誰も書き込まないことを証言する
hcops-sees-dynos-and-the-connection-not-what-e2a2 = hcops に見えるのは dyno と接続だけで、ほかから接続しているものは見えません。削除からインポートまでの間、変更はまったく捕捉されません。
from-the-beginning-of-the-downtime-or-from-9a3c = 停止時間の開始から（アプリを止めない場合は今から）新しい接続が同期を始めるまで、{ $database_name } のマッピングされたテーブルには、アプリ、ETL や BI のツール、スクリプト、データベースコンソールのいずれからも、誰も書き込みません。
scheduler-jobs-and-autoscalers-are-switched-off-by-e756 = スケジューラーのジョブとオートスケーラーは、停止時間の開始までにオフになっているか、新しい接続が同期を始めるまで書き込むものを起動できない状態です。
starts-89ae = 開始
turn-maintenance-mode-of-on-5457 = { $app_name } のメンテナンスモードをオンにする
turn-maintenance-mode-of-off-7197 = { $app_name } のメンテナンスモードをオフにする
maintenance-mode-is-turned-off-nothing-is-lost-c150 = メンテナンスモードをオフにします。失われるものはありません。
web-requests-must-not-write-to-mapped-tables-b067 = 接続がない間、Web リクエストがマッピングされたテーブルに書き込んではいけません。メンテナンスモードで止まるのは Web トラフィックだけです。
wait-until-each-mapping-of-is-data-synced-650d = { $connection_name } の各マッピングが DATA_SYNCED になり、未送信のものがなくなるまで待つ
all-data-has-to-be-in-salesforce-before-abba = 接続を削除する前に、すべてのデータが Salesforce に届いていなければなりません。
they-are-waited-for-1da9 = なくなるまで待ちます。
pause-sync-on-5e68 = { $connection_name } の同期を一時停止する
resume-sync-on-9539 = { $connection_name } の同期を再開する
sync-is-resumed-what-collected-meanwhile-is-synced-67b2 = 同期を再開します。その間にたまった分は、再開後に同期されます。
from-here-on-nothing-moves-any-more-so-1aa4 = ここから先は何も動きません。この後に確認する内容が変わらないようにするためです。
see-that-nothing-writes-to-68a6 = { $database_name } に何も書き込んでいないことを確かめる
nothing-is-changed-everything-so-far-is-restored-d15e = 何も変更しません。ここまでの操作は `hcops abort` ですべて元に戻せます。
dynos-and-the-connection-are-not-all-that-db0f = 書き込めるのは dyno と接続だけではありません。まだ書き込んでいるものがあれば、止め方とともにここで示します。
look-for-open-and-refused-writes-of-be3a = { $connection_name } の未送信の書き込みと拒否された書き込みを調べる
what-has-not-reached-salesforce-never-will-after-9596 = まだ Salesforce に届いていないものは、削除の後はもう届きません。書き込みはすべて止まっているため、数値は動きません。これを証拠として保存し、誰かが了承する必要があります。
they-are-lost-with-the-connection-but-for-582c = 実行の証拠とテーブルそのものに残るものを除き、接続とともに失われます。
note-by-sql-what-has-captured-and-not-c225 = { $connection_name } が捕捉してまだ送信していないものを SQL で記録する
the-api-shows-numbers-the-trigger-log-shows-4e10 = API で分かるのは件数だけですが、トリガーログではテーブルと状態ごとに分かります。未処理の行は、削除後には誰にも読まれません。
count-the-rows-of-each-mapped-table-6baf = マッピングされた各テーブルの行を数える
beside-them-the-rows-after-the-import-show-86f5 = インポート後の行数と並べると、新しい接続が以前の接続と同じ内容を読み込んだかどうかが分かります。
see-once-more-whether-the-schema-is-in-99ae = スキーマ { $inputs_schema } が { $database_name } にあるかをもう一度確かめる
behind-the-removal-connect-may-refuse-a-schema-35b3 = 削除の後、Connect は既存のスキーマを拒否することがあります。その場合の進め方を、先に把握しておく必要があります。
the-connection-is-gone-for-good-its-state-187c = 接続は完全に失われます：状態、コラボレーターとその通知、監査証跡、トリガーログの未処理の行。代わりになるのは新しい接続だけです。新しい接続に既存のスキーマを使えるかどうかは文書化されていません。Connect が { $inputs_schema } を拒否した場合にどうするかは、前のステップに示しています。
remove-851e = { $connection_name } を削除する
none-from-here-the-run-only-goes-forward-9fd2 = ありません。ここから先は、新しい接続に向けて進むだけです。
a-connection-cant-be-given-another-organisation-or-f1f1 = 接続の組織を変えることも、中から修復することもできません。作り直します。
create-on-plan-3693 = { $inputs_new_name } をプラン { $connection_addon_plan } で作成する
it-can-be-removed-again-the-old-connection-b8df = 新しい接続はまた削除できますが、以前の接続は戻りません。
the-same-plan-as-before-under-a-name-4a39 = プランは以前と同じです。名前を先に決めておくのは、作成が中断しても二重に作らず、作成済みのものを見つけるためです。
gain-access-to-0522 = { $inputs_new_name } へのアクセス権を得る
the-access-list-of-a-new-connection-is-2e59 = 新しい接続のアクセスリストは空です。このアカウントが加わるまで、接続の検出（discovery）で見つかりません。
give-the-database-and-the-schema-418b = { $inputs_new_name } にデータベース { $connection_db_key } とスキーマ { $inputs_schema } を設定する
it-can-be-changed-at-any-time-before-f617 = ログイン前なら、いつでも変更できます。
neither-is-in-the-exported-file-where-connect-bf01 = どちらも、エクスポートしたファイルには入っていません。Connect が既存のスキーマを拒否した場合は、手動でその名前を変更して先へ進むか、別のスキーマを設定してください。
ask-for-the-address-of-the-salesforce-login-5179 = Salesforce ログイン用アドレスを求める
salesforce-lets-in-a-person-only-2a15 = Salesforce にログインできるのは人だけです。
log-in-to-salesforce-for-190f = { $inputs_new_name } のために Salesforce にログインする
somebody-else-can-log-in-later-109c = 後で別の人がログインし直せます。
the-connection-acts-as-the-user-who-logs-6b75 = 接続は、ログインしたユーザーとして動作します。ログインの完了は、誰かの申告ではなく、接続の表示で判断します。
import-the-configuration-into-and-wait-until-each-f214 = 設定を { $inputs_new_name } にインポートし、各マッピングが DATA_SYNCED になるまで待つ
mappings-can-be-changed-at-any-time-4d07 = マッピングはいつでも変更できます。
tables-that-are-there-already-are-not-replaced-6531 = すでにあるテーブルは置き換えません。構造が合わないテーブルは、壊れたマッピングとして表示されます。
compare-the-configuration-of-with-the-exported-one-228a = { $inputs_new_name } の設定を、エクスポートした設定と照合する
an-accepted-import-is-not-a-proof-mappings-9116 = インポートが受け付けられただけでは証拠になりません。マッピングと、それぞれのポーリングおよび高速ポーリングを照合します。組織が違うなど意図した違いについては、誰かがその旨を答えます。
sync-is-resumed-below-7a8f = 同期は、この後のステップで再開します。
the-api-version-can-be-changed-only-while-762f = API のバージョンを変更できるのは一時停止中だけです。また、書き込みアルゴリズムを設定するまでは、何も送信しないほうが安全です。
give-the-salesforce-api-version-of-before-8f3c = { $inputs_new_name } に以前と同じ Salesforce API のバージョンを設定する
it-can-be-changed-again-while-the-connection-edbc = 接続が一時停止している間は、また変更できます。
new-connections-take-the-newest-version-another-version-60b7 = 新しい接続では最新バージョンになります。バージョンが違うと項目が違うことがあり、それは変更の前に表示します。
set-the-write-algorithm-of-as-before-6688 = { $inputs_new_name } の書き込みアルゴリズムを以前と同じに設定する
it-can-be-changed-at-any-time-c69f = いつでも変更できます。
it-decides-in-which-order-changes-reach-salesforce-fe76 = 変更が Salesforce に届く順序を決める設定です。接続のページでしか設定できません。
set-the-beta-features-batch-sizes-and-name-b95c = { $inputs_new_name } のベータ機能、バッチサイズ、名前を以前と同じに設定する
they-can-be-changed-at-any-time-8824 = いつでも変更できます。
they-are-set-by-hand-on-the-connections-bf8c = 接続のページで、手動で設定します。以前と違うものは、同じになるか、意図したものだと誰かが答えるまで表示します。
count-the-rows-of-each-mapped-table-beside-7550 = マッピングされた各テーブルの行を数え、以前の行数と並べる
data-synced-says-that-a-load-has-ended-8294 = DATA_SYNCED で分かるのは、読み込みが終わったことです。読み込みが完全だったかは行数で分かります。Sandbox の更新後などで Salesforce にもうないものは、テーブルからも消えます。
see-that-what-was-built-by-sql-on-82f8 = マッピングされたテーブル上に SQL で作られたものが残っていることを確かめる
a-table-that-was-made-anew-has-none-83bb = 作り直されたテーブルには、いずれも残っていません。足りないものは、作り直すための SQL 文とともに示します。
note-how-is-before-sync-resumes-c67b = 同期の再開前の { $inputs_new_name } の状態を記録する
only-what-comes-afterwards-says-something-about-the-e982 = 新しい接続の状態を示すのは、この後に出る書き込みエラーと通知だけです。
sync-can-be-paused-again-d013 = 同期はまた一時停止できます。
everything-is-as-it-was-sync-may-go-39a7 = すべて以前と同じ状態になりました。同期を再開できます。
restore-the-formation-of-c4f2 = { $app_name } のフォーメーションを元に戻す
it-can-be-scaled-at-any-time-c0eb = いつでもスケールできます。
each-process-type-gets-exactly-the-quantity-and-5a40 = 各プロセスタイプを、スケールダウンした時点とまったく同じ数とサイズに戻します。
ends-b7a7 = 終了
bring-maintenance-mode-of-back-as-it-was-a61d = { $app_name } のメンテナンスモードを元の状態に戻す
it-can-be-turned-on-at-any-time-a33e = いつでもオンにできます。
it-was-off-before-or-somebody-else-had-1826 = 元はオフだったか、ほかの誰かがオンにしていたかのどちらかです。後者の場合はオンのままにします。
set-the-collaborators-of-and-their-notifications-b644 = { $inputs_new_name } のコラボレーターとその通知を設定する
they-are-set-on-the-connections-page-heroku-eb0b = 接続のページで設定します：`heroku addons:open { $inputs_new_name } -a { $app_name }` の Settings。設定するまで、同期エラーは誰にも通知されません。
the-collaborators-of-and-their-notifications-are-set-b6ac = { $inputs_new_name } のコラボレーターとその通知は、記録したとおりに設定済みです：{ $steps_collaborators_answer }
see-at-the-end-that-syncs-and-maps-b39b = { $inputs_new_name } が同期を続け、計画時のマッピングがすべて残っていることを最後に確認する
minutes-have-passed-since-sync-was-seen-whole-43a5 = 同期が完全であることを確認してから数分が過ぎています。その間に誰かが一時停止したりマッピングを外したりすると、完了した実行の裏でデータベースがひそかに古くなっていきます。
the-configuration-is-exported-and-what-no-export-d3be = 設定をエクスポートし、エクスポートに入らないものは書き留めます。その後、接続を削除し、同じプラン・データベース・スキーマで作り直し、誰かが Salesforce にログインして、設定をインポートします。Salesforce の Sandbox を更新した後に必要です。データベースを置き換えた後に接続が復帰しない場合の、最後の手段でもあります。削除は取り消せません。コラボレーター、監査証跡、Salesforce に届いていなかったものは、接続とともに失われます。Postgres のテーブルは残り、構造が合えば新しいマッピングがそのまま引き継ぎます。
recreate-as-from-its-exported-configuration-da2d = { $connection_name } を、エクスポートした設定から { $inputs_new_name } として作り直す

## runbooks/essential-copy-copy.toml

an-app-or-attachment-that-came-after-the-196f = 計画を立てた後に加わったアプリやアタッチメントは、計画のどのステップにも含まれていません。そのままでは旧データベースに書き込み続けてしまいます。
plan-of-the-new-database-for-example-standard-8688 = 新しいデータベースのプラン、例：standard-0
postgres-major-version-of-the-new-database-at-f157 = 新しいデータベースの Postgres のメジャーバージョン；旧データベースのバージョン以上
check-that-can-be-copied-into-a-database-8549 = { $database_name } を、プラン { $inputs_to_plan } のデータベースにコピーできることを確認する
copies-are-for-less-than-10-gb-and-0663 = コピーできるのは 10 GB 未満のデータベースで、Shield では使えません。コピーに入るのはデフォルトのクレデンシャルの分だけです。プランの存在は、アプリを静止させる前に確かめておく必要があります。
create-empty-on-plan-9ef3 = 空の { $inputs_new_name } をプラン { $inputs_to_plan } で作成する
destroy-the-new-database-a1ae = 新しいデータベース { $inputs_new_name } を削除する
the-new-database-is-destroyed-never-notices-it-5af8 = 新しいデータベースは削除されます。{ $database_name } には何の影響もありません。
it-becomes-the-new-database-its-name-is-2f8e = これが新しいデータベースになります。名前を先に決めておくのは、作成が中断しても二重に作らず、作成済みのものを見つけるためです。
a-database-of-the-essential-tier-cant-change-ac38 = Essential ティアのデータベースは、別のティアへの変更も、フォローもできません。新しいデータベースにコピーし、アプリと接続をそちらに切り替えます。コピーに入るのは、開始時点にあった内容です。その後何も書き込まれていないことを旧データベースそのもので確かめ、切り替えの前に両者を照合します（`--compare`）。書き込み停止は、コピーの間ずっと（1 GB あたり約 3 分）と、照合が終わるまで続きます。切り替えまでは旧データベースは読み取るだけで、`hcops abort` で戻せます。旧データベースは最後も残します。接続が新しいデータベースの上で復帰しない場合は、connection-recreate で作り直します。
copy-into-a-new-database-on-plan-and-67a7 = { $database_name } をプラン { $inputs_to_plan } の新しいデータベースにコピーし、そちらに切り替える

## runbooks/field-change-complex.toml

whether-the-database-is-looked-into-counts-lists-b41d = データベースの中を調べるか：counts は列の上に SQL で作られたものを一覧にし、前後で値を数えます；none はデータベースに接続しないため、誰かが手動で確認する必要があります
nothing-beside-the-database-138f = データベースの料金のほかはなし
none-for-the-apps-but-the-column-is-0da3 = アプリにはなし、ただし再読み込みが終わるまで列がない
the-old-column-with-its-values-is-dropped-e45c = 古い列は値ごと削除；新しい列には Salesforce の値が入る
a-mapping-that-is-broken-or-loading-already-39f3 = すでに壊れているマッピングや読み込み中のマッピングでは、保存して経過を見届けることができません。
views-indexes-constraints-triggers-and-functions-on-the-182b = 列の上のビュー、インデックス、制約、トリガー、関数を、データベースそのもので確認します。
attest-that-the-change-of-is-agreed-on-9f0c = { $inputs_object }.{ $inputs_field } の変更が双方で合意されていることを証言する
dropping-a-column-takes-with-it-what-was-d0cb = 列を削除すると、その上に作られたものも消えます。その列を使うアプリは、列が元に戻るまでエラーになります。
the-definition-of-has-changed-in-salesforce-for-6701 = { $inputs_object }.{ $inputs_field } の定義は Salesforce で恒久的に変更済みで、Salesforce の管理者はこのタイミングでの実施に同意しています。
no-app-reads-or-writes-the-column-from-45ff = 今から読み込みが終わるまで、この列を読み書きするアプリはありません。
attest-that-what-is-built-on-the-column-c5c6 = 列の上に作られたものを把握していることを証言する
without-a-connection-to-the-database-hcops-cant-b59c = データベースに接続しないため、hcops は一覧にできません。列の削除は、それらを巻き添えにするか、それらのために失敗します。
every-view-index-constraint-trigger-and-function-that-b251 = { $inputs_object }.{ $inputs_field } の列の上に SQL で作られたビュー、インデックス、制約、トリガー、関数はすべて把握しており、定義を保存してあります。
have-it-acknowledged-what-the-change-does-to-6a38 = 列の上に作られたものへの変更の影響について、了承を得る
dropping-a-column-fails-because-of-a-view-86cd = 列の削除は、その上のビュー、外部キー、トリガーのために失敗するか、それらを巻き添えにします。インデックスと制約は列と一緒に消えます。定義は実行の証拠に保存します。
read-the-mapping-of-with-its-revision-and-9acf = { $inputs_object } のマッピングをリビジョンとともに読み取り、証拠として保存する
what-is-saved-next-is-exactly-this-configuration-0fc5 = 次に保存するのは、この設定から項目を除いたものと、その後に項目を戻したものです。それ以外は変えません。その間に誰かが保存したかどうかは、リビジョンで分かります。
count-the-values-of-the-column-of-5799 = { $inputs_object }.{ $inputs_field } の列の値を数える
the-column-is-dropped-with-its-values-their-a598 = 列は値ごと削除されます。すべて戻ったかどうかが、後で値の数から分かります。
the-column-is-dropped-with-its-values-and-cb6f = 列は、値と、その上に SQL で作られたすべてのもの（ビュー、インデックス、制約、トリガー）ごと削除されます。値は新しい型で Salesforce から戻りますが、Salesforce に届いていなかった変更と、SQL で作られたものは戻りません。
save-the-mapping-of-without-and-see-that-3820 = { $inputs_object } のマッピングを { $inputs_field } なしで保存し、項目がなくなったことを確かめる
none-to-the-old-column-its-type-is-7d2d = 古い列には戻せません。その型は Salesforce にももうありません。項目は次のステップで再びマッピングします。
a-column-cant-be-given-another-type-connect-98e8 = 列の型は変えられません。Connect は列を削除し、項目が再びマッピングされたときに作り直します。
save-the-mapping-of-with-again-and-wait-86d2 = { $inputs_object } のマッピングに { $inputs_field } を戻して保存し、読み込みが終わるまで待つ
it-can-be-taken-out-of-the-mapping-d6f8 = また項目をマッピングから外せます。
connect-makes-the-column-with-its-new-type-91c1 = Connect は新しい型で列を作り、Salesforce から値を読み込みます。非常に大きなテーブルでは、その間ほかの変更は同期されません。
see-that-the-new-column-of-has-its-c957 = { $inputs_object }.{ $inputs_field } の新しい列が新しい型になり、値の数が古い列と同じであることを確かめる
data-synced-says-that-the-load-has-ended-81cc = DATA_SYNCED で分かるのは、読み込みが終わったことです。列が作り直されたことは型で、読み込みが完全だったことは値の数で分かります。
see-that-what-was-built-on-the-column-e02c = 列の上に作られていたものが元どおりあることを確かめる
connect-brings-back-the-indexes-that-were-made-5cb3 = Connect が元に戻すのは、Connect を通して作ったインデックスだけです。SQL で作られたものは戻りません。足りないものは、作り直すための SQL 文とともに示します。
attest-that-what-was-built-on-the-column-8a22 = 列の上に作られていたものが元どおりあることを証言する
connect-brings-back-the-indexes-that-were-made-6ed1 = Connect が元に戻すのは、Connect を通して作ったインデックスだけです。SQL で作られたものは戻りません。
views-indexes-constraints-and-triggers-that-were-made-2500 = { $inputs_object }.{ $inputs_field } の上に SQL で作られていたビュー、インデックス、制約、トリガーのうち、今も必要なものは作り直してあります。
check-that-syncs-again-without-new-write-errors-95d7 = { $inputs_object } が新しい書き込みエラーなしに再び同期していることを確認し、行数を記録する
a-table-that-was-loaded-is-not-yet-9356 = テーブルが読み込まれただけでは、双方向の同期が動いているとは限りません。足りない行はここで分かります。
for-a-field-whose-type-has-changed-in-f152 = Salesforce で型が変わった項目や、長さが短くなった項目のための方式です。項目をマッピングから外すと、その列は削除されます。その後に項目を戻すと、Connect は新しい型で列を作り、Salesforce から読み込みます。古い列は元に戻せません。長さが短くなった場合、型が変わった場合、その他の変更の場合にこの方法をとるというのは、Heroku のスタッフの説明（heroku-connect-plugin のプルリクエスト 292、2026-05-22）です。Dev Center の記事（2022 年）では、長さの変更であれば、長短を問わずマッピングを保存するだけです。長くなった項目なら、方式 simple でも十分すぎるほどです。
take-out-of-the-mapping-of-and-put-c83a = Salesforce で定義が変わったため、{ $inputs_field } を { $inputs_object } のマッピングから外して入れ直す

## runbooks/field-change-simple.toml

whether-the-database-is-looked-into-counts-lists-9b30 = データベースの中を調べるか：counts は列の上に SQL で作られたものを一覧にします；none はデータベースに接続しないため、誰かが手動で確認する必要があります
none-sync-goes-on-eb2f = なし：同期は続く
a-mapping-is-only-saved-nothing-is-dropped-477e = マッピングを保存するだけ：何も削除されない
a-view-keeps-a-column-from-getting-another-329f = ビューがあると列の長さを変えられず、マッピングが失敗します。
the-plan-says-what-was-seen-of-the-a52a = 変更について確認できたことと、必要な方式は、計画に示します。
what-has-changed-of-in-salesforce-is-known-6f50 = Salesforce で { $inputs_object }.{ $inputs_field } の何が変わったかは把握済みで、Salesforce の管理者はこのタイミングでの実施に同意しています。
no-app-relies-on-the-former-length-of-fc85 = 列の以前の長さに依存するアプリはありません。新しい長さを超える値を書き込むものもありません。
a-view-on-the-column-keeps-it-from-c199 = 列の上にビューがあると長さを変えられず、保存がエラーになります。定義は実行の証拠に保存します。
what-is-saved-next-is-exactly-this-configuration-9aae = 次に保存するのは、この設定そのものです。その間に誰かが保存したかどうかは、リビジョンで分かります。
read-the-length-of-the-column-of-and-aff7 = { $inputs_object }.{ $inputs_field } の列の長さを読み取り、値を数える
the-length-of-before-shows-afterwards-that-it-d385 = 変更前の長さがあれば、長さが変わったことを後で示せます。マッピングの保存だけでは足りない可能性がある場合は、保存した後で分かるのではなく、ここで質問されます。
the-column-takes-its-definition-in-salesforce-its-c4be = 列は Salesforce の定義のとおりになります。以前の長さに戻すには、Salesforce で項目を元に戻し、マッピングをもう一度保存するしかありません。短くした列に収まらない値は、元に戻りません。
save-the-mapping-of-and-wait-until-its-c515 = { $inputs_object } のマッピングを保存し、テーブルが変更されるまで待つ
none-by-itself-change-the-field-back-in-39c1 = 自動では戻せません。Salesforce で項目を元に戻してから、この手順をもう一度実施してください。
by-the-article-on-maintenance-operations-connect-does-57b2 = メンテナンス操作に関する記事によれば、Connect がテーブルを自動で変更することはありません。マッピングを保存すると、列は項目の現在の長さになります。
see-that-the-column-of-has-its-new-3766 = { $inputs_object }.{ $inputs_field } の列が新しい長さになったことを確かめる
data-synced-is-the-state-of-before-as-5bf4 = DATA_SYNCED は変更前の状態でもあります。変わったことは、列そのもので分かります。
a-table-that-was-loaded-is-not-yet-fb9c = テーブルが読み込まれただけでは、双方向の同期が動いているとは限りません。足りない行はここで分かりますが、列の値は SQL でしか分かりません。
for-a-field-whose-length-has-changed-in-896b = Salesforce で長さが変わった項目のための方式です。マッピングを保存して、項目の現在の長さを Connect に反映させます。Heroku のスタッフの説明（heroku-connect-plugin のプルリクエスト 292、2026-05-22）によれば、長くなった項目にはそれも必要なく、Connect が次の同期で列を変更します。同じ説明では、短くなった項目や型が変わった項目には方式 complex が必要です。Dev Center の記事（2022 年）では、長さの変更であれば、長短を問わずマッピングを保存します。その場合、列が元のままになることがありますが、それは後のステップで分かります。
save-the-mapping-of-because-the-length-of-8955 = Salesforce で { $inputs_field } の長さが変わったため、{ $inputs_object } のマッピングを保存する

## runbooks/fragments/connection.toml

while-connect-is-under-maintenance-it-can-be-5224 = Connect のメンテナンス中は、一時停止も再開もできません。最長 45 分続きます。
a-connection-that-is-broken-before-cannot-show-a5fa = 初めから壊れている接続では、後で同期が再開したことを示せません。
check-that-uses-through-3368 = { $connection_name } が { $connection_db_key } を通して { $database_name } を使っていることを確認する
the-switch-moves-the-attachment-behind-a-variable-2959 = 切り替えでは { $connection_db_key } の元になるアタッチメントを移します。手動で設定された環境設定は、一緒に移りません。

## runbooks/fragments/copy.toml

a-copy-holds-what-was-there-when-it-5b29 = コピーに入るのは、開始時点にあった内容です。それより後のコミットは、1 つも新しいデータベースに入りません。
what-is-written-to-from-then-on-is-5cc4 = それ以降に { $database_name } に書き込まれたものは、{ $inputs_new_name } にありません。何がないかは `hcops postgres compare { $database_name } { $inputs_new_name } -a { $database_owner_app }` で分かります。
what-an-app-still-wrote-to-the-old-d9e7 = アプリがまだ旧データベースに書き込んでいると、その分は新しいデータベースに入りません。リリースフェーズは動いてもかまいません。切り替え自体がリリースフェーズを起動します。
connect-must-not-write-while-the-database-under-3a95 = 接続先のデータベースをコピーして置き換える間、Connect が書き込んではいけません。旧データベースに書き込んだ分は、新しいデータベースに入りません。
the-comparison-found-no-difference-it-holds-for-ae29 = 照合で違いは見つかりませんでした。この結果が有効なのは、どちら側にも何も書き込まれない間だけです。
connect-will-not-fill-a-database-that-is-5c58 = 旧データベースのコピーでないデータベースを、Connect は埋めてくれません。
whatever-still-writes-to-the-old-database-from-9110 = どこから接続しているものであれ、旧データベースにまだ書き込んでいると、その分は新しいデータベースに入りません。
without-a-look-into-the-databases-transactions-tables-bfb1 = データベースの中を見ない場合は、Heroku が示すトランザクション数、テーブル数、サイズから、旧データベースに何かが書き込んだことが分かります。見えないのは、20 件に、テーブルごとに 1 件、経過 10 秒ごとに 1 件を加えた数に満たないトランザクションの書き込みです（この分はサーバー自身の保守処理でも生じます）。`--compare counts` か `full` なら、1 行でも分かります。
a-copy-holds-what-was-there-when-it-1b67 = コピーに入るのは、開始時点にあった内容です。静止を確認した後に書き込まれたものは、コピーにない可能性があります。
a-copy-erases-its-target-first-only-a-270a = コピーは、まずコピー先を消去します。何も失わないのは、コピー先が空の場合だけです。
what-proves-the-copy-full-compares-every-value-5ef7 = コピーを何で証明するか：full はすべての行のすべての値を照合し、counts は行数だけを照合します；none はデータベースに接続せず、照合も、SQL による静止・未処理分・統計情報の確認もせず、旧データベースへの少量の書き込みは見つかりません
credentials-beyond-the-default-one-that-somebody-has-9f0d = デフォルト以外のクレデンシャルのうち、誰かが確認済みのもの：コピーに入るのは、デフォルトのクレデンシャルから見えるものだけです
from-the-first-write-on-the-new-database-47cc = 新しいデータベースに最初の書き込みがあった時点で、{ $database_name } は古くなります。そこへ戻ると、以後の書き込みが失われます。
attach-to-as-1cc2 = { $inputs_new_name } を { $database_attachment } として { $app_name } にアタッチする
none-from-here-the-run-only-goes-forward-9d58 = ありません。ここから先は、前に進むだけです。
the-connection-reads-the-new-database-takes-its-0eb0 = 接続は { $connection_db_key } を読みます。新しいデータベースがその名前を引き継ぐため、接続の設定は変わりません。
make-sure-that-has-as-eb62 = { $app_name } に { $inputs_new_name } が { $follower_alias } としてある状態にする
the-copy-is-destroyed-with-its-attachments-and-21b0 = コピーはアタッチメントごと削除され、すべてが { $database_name } のまま続きます。
the-connection-can-only-use-a-database-that-ea50 = 接続が使えるのは、接続自身のアプリにアタッチされたデータベースだけです。そのアプリがデータベースを所有していれば、すでにそうなっています。
note-how-and-its-databases-are-before-sync-db5e = 同期の再開前の { $connection_name } とそのデータベースの状態を記録する
only-what-comes-afterwards-says-something-about-the-b57a = 新しいデータベースの状態を示すのは、この後に出るものだけです：書き込みエラー、通知、トリガーログ、Salesforce の変更。
see-what-of-no-comparison-will-reach-5bcb = { $database_name } のうち、どの照合も及ばないものを確かめる
what-the-credential-may-not-read-nobody-can-1ea5 = クレデンシャルに読み取り権限がないものは、誰にも照合できません。書き込み停止の前に、それを把握し、受け入れておく必要があります。
check-that-can-have-every-extension-role-and-9f00 = { $inputs_new_name } に { $database_name } のすべての拡張機能、ロール、権限付与を置けることを確認する
nothing-is-changed-the-new-database-can-be-2275 = 何も変更しません。新しいデータベースは削除できます。
a-copy-fails-on-an-extension-or-a-43cd = 足りない拡張機能やロールがあると、コピーは失敗します。権限付与はコピーされません。また、2022 年 8 月より前のデータベースでは、拡張機能のあるスキーマがそれより新しいものと違います。Connect の関数は public.hstore を直接指定しています。
compare-with-c9d1 = { $inputs_new_name } を { $database_name } と照合する（{ $inputs_compare }）
nothing-is-changed-the-copy-can-be-destroyed-1e91 = 何も変更しません。コピーは削除できます。
connect-neither-fills-nor-mends-an-empty-or-1b8d = Connect は、空のデータベースや内容の違うデータベースを埋めも直しもしません。また、Connect の関数は public.hstore を直接指定しているので、拡張機能が別のスキーマにあるのも違いとみなします。所要時間は見積もりです：約 { $database_gigabytes } GB について 1 GB あたり 10 秒。サーバーの読み取り速度で変わります。
copy-into-ed13 = { $database_name } を { $inputs_new_name } にコピーする
cancel-the-copy-into-if-it-still-runs-af58 = { $inputs_new_name } へのコピーがまだ動いていれば取り消す
the-copy-is-cancelled-and-the-new-database-ccaf = コピーは取り消され、新しいデータベースは削除されます。{ $database_name } は読み取っただけです。
done-is-finished-succeeded-and-0-warnings-a-2d9e = 完了とは、終了・成功・警告 0 件がそろうことです。コピーを見失った場合は探し直し、終わったものとは決してみなしません。
check-that-has-the-credential-of-of-c092 = { $attachment_app } の { $attachment_name } のクレデンシャル { $attachment_credential } が { $inputs_new_name } にあることを確認する
a-copy-brings-no-credentials-without-this-one-537f = コピーではクレデンシャルは引き継がれません。このクレデンシャルがなければ { $attachment_app } は移せません。このステップを飛ばした場合、{ $attachment_app } は最後もメンテナンスモードのまま、スケールダウンされたままになり、実行はそれを待ちます。
attach-to-as-as-well-369d = { $database_name } を { $leader_alias } としても { $database_owner_app } にアタッチする
remove-the-spare-attachment-6a48 = 予備のアタッチメント { $leader_alias } を削除する
the-spare-attachment-is-removed-8c90 = 予備のアタッチメントを削除します。
the-old-database-loses-the-attachments-that-are-a22a = 旧データベースは、移されるアタッチメントを失います。独自のアタッチメントがあれば、引き続き到達でき、表示もされます。
move-of-to-b084 = { $attachment_app } の { $attachment_name } を { $inputs_new_name } に移す
a-promotion-moves-database-of-one-app-only-711c = 昇格で移るのは 1 つのアプリの DATABASE だけです。プーラーとほかのアプリのアタッチメントは、旧データベースを指したままです。
move-of-credential-to-c3a5 = { $attachment_app } の { $attachment_name }（クレデンシャル { $attachment_credential }）を { $inputs_new_name } に移す
an-app-that-works-through-a-credential-of-294c = 独自のクレデンシャルを使うアプリは、そのままでは旧データベースに書き込み続けてしまいます。
wait-until-is-available-and-writable-575f = { $inputs_new_name } が利用可能で書き込めるようになるまで待つ
the-copy-is-destroyed-and-everything-goes-on-8dc0 = コピーは削除され、すべてが手つかずの { $database_name } のまま続きます。
a-new-database-can-be-busy-for-a-fc6f = 新しいデータベースは、データを入れた後しばらく処理中のことがあります。
say-what-is-left-of-959f = 残った { $database_name } の現状を示す
the-old-database-is-kept-as-it-was-56fb = 旧データベースは、切り替え前のまま残します。誰かが削除するまで費用がかかります。自動では削除されません。
attest-that-writers-outside-heroku-are-stopped-when-1db2 = 停止時間の開始時に Heroku の外からの書き込みが止まっていることを証言する
hcops-sees-dynos-and-the-connection-not-what-000f = hcops に見えるのは dyno と接続だけで、ほかから接続しているものは見えません。そのコミットは新しいデータベースに入りません。
from-the-beginning-of-the-downtime-on-nothing-0ed5 = 停止時間の開始以降、この計画に挙げたアプリのほかに、{ $database_name } に書き込むものはありません（ETL や BI のツール、スクリプト、データベースコンソール、ほかのチームのアプリも含めて）。
scheduler-jobs-and-autoscalers-of-these-apps-are-3f71 = これらのアプリのスケジューラーのジョブとオートスケーラーは、停止時間の開始時にオフになっているか、書き込みが再開するまで何も起動できない状態です。
nobody-copies-into-or-out-of-these-databases-40e2 = 停止時間の間、これらのデータベースへの、またはこれらのデータベースからのコピーを、誰も手動で行いません。
promote-to-database-of-e9f0 = { $inputs_new_name } を { $app_name } の DATABASE に昇格する
database-url-then-means-the-new-database-a-7c12 = これにより、DATABASE_URL は新しいデータベースを指します。DATABASE_URL を使う接続も一緒に移ります。
repoint-to-71b8 = { $connection_name } の向き先を { $inputs_new_name } に付け替える
the-connections-database-setting-names-another-config-va-50bb = 今後、接続のデータベース設定は別の環境設定（config var）を指します。{ $connection_db_key } は旧データベースを指したままです。
none-from-here-the-run-only-goes-forward-3292 = ありません。ここから先は、前に進むだけです。同期はまた一時停止できます。
connect-goes-on-where-it-stopped-the-trigger-39d7 = Connect は止まったところから続けます。トリガーログの内容は Salesforce に送られ、Salesforce の変更はポーリングで取り込まれます。IDLE に戻らなければ、新しいデータベースの上に接続を作り直します：`hcops run connection-recreate -a { $app_name } --before broken`。
see-by-seven-signs-that-really-syncs-with-2e44 = { $connection_name } が { $inputs_new_name } と実際に同期していることを、7 つの指標で確かめる
an-accepted-resume-is-not-a-sync-that-abcb = 再開の要求が受け付けられても、同期が動いているとは限りません。IDLE、各マッピングの DATA_SYNCED、未処理分の送信、新しいエラーや通知がないこと、旧データベースに何の動きもないこと、診断に赤がないことを確かめます。IDLE に戻らなければ、新しいデータベースの上に接続を作り直します：`hcops run connection-recreate -a { $app_name } --before broken`。
check-that-has-as-many-tables-as-97ce = { $inputs_new_name } のテーブルの数が { $database_name } と同じであることを確認する
a-copy-can-report-success-and-lack-what-a2e3 = コピーが成功と報告されても、デフォルトのクレデンシャルから見えなかったものが欠けていることがあります。
make-sure-that-the-planner-of-knows-its-aa52 = { $inputs_new_name } のプランナーにテーブルの統計情報がある状態にする
statistics-do-no-harm-the-copy-can-be-835b = 統計情報は害になりません。コピーは削除できます。
a-copy-leaves-no-statistics-and-the-first-e5ed = コピーに統計情報は残りません。そのままアプリが稼働を始めると、最初のクエリでデータベースが落ちることがあります。
check-again-that-and-its-mappings-are-healthy-7a65 = { $connection_name } とそのマッピングが正常であることを再確認する
hours-may-have-passed-since-the-first-check-8026 = 最初の確認から数時間たっているかもしれません。同期を一時停止した後では、もう誰にも確認できません。
see-that-nothing-was-written-to-while-it-1799 = コピー中に { $database_name } に何も書き込まれなかったことを確かめる
a-copy-holds-what-was-there-when-it-3b94 = コピーに入るのは、開始時点にあった内容です。その間に現れて消えた書き込みを、何時間もの照合の前にここで見つけます。

## runbooks/fragments/database.toml

attest-to-what-no-comparison-will-reach-7a3d = どの照合も及ばないものについて証言する
nobody-sees-whether-it-is-in-the-new-8941 = それが新しいデータベースにあるかどうかは、誰にも見えません。該当するものはそれぞれ名前を示します。なければ、何も質問しません。
note-what-has-captured-and-not-sent-yet-b060 = { $connection_name } が捕捉してまだ送信していないものを記録する
what-is-open-when-sync-pauses-goes-with-1c8f = 同期を一時停止した時点で未処理のものは、トリガーログとともに新しいデータベースに移り、そこから送信されます。
that-nothing-writes-that-nothing-is-missing-and-cbcc = 何も書き込んでいないこと、何も欠けていないこと、コピーが正確であることを、データベースそのもので確認します。
note-what-consists-of-581d = { $database_name } の構成を記録する
it-is-kept-as-evidence-extensions-tables-indexes-dfbb = 拡張機能、テーブル、インデックス、トリガー、関数、シーケンス、権限付与を、この時点のまま証拠として保存します。
check-again-that-no-announced-heroku-maintenance-falls-d7cf = 予告された Heroku のメンテナンスが今から 1 時間以内にないことを再確認する
hours-may-have-passed-since-the-first-check-5a0e = 最初の確認から数時間たっているかもしれません。次に同期を一時停止しますが、メンテナンス中は一時停止も再開もできません。
check-again-that-no-maintenance-of-falls-into-2c44 = これから 1 時間以内に { $database_name } のメンテナンスがないことを再度確認する
heroku-may-have-scheduled-one-since-the-first-f704 = 最初の確認の後に Heroku がメンテナンスを予定した可能性があり、ここからはすべてが停止時間に向かうためです。

## runbooks/fragments/field.toml

a-table-is-changed-and-loaded-again-only-ff7c = テーブルの変更と再読み込みができるのは、同期している接続だけです。
what-is-saved-is-the-configuration-as-it-4314 = 保存するのは、読み取った時点の設定です。その間に誰かが保存した変更があると、取り消されてしまいます。
what-has-changed-for-the-record-needed-where-5696 = 何が変わったか（記録用）；API に項目の定義が表示されない場合は必須
the-fields-api-name-for-example-status-c-bda7 = 項目の API 参照名、例：Status__c
what-has-become-of-the-field-where-the-9f64 = 項目がどう変わったか（計画から見えない場合や、ご自分のほうが詳しい場合）：longer（長くなった）、shorter（短くなった）、または type（型やその他が変わった）
the-salesforce-objects-api-name-for-example-order-376a = Salesforce オブジェクトの API 参照名、例：Order__c
list-what-is-built-by-sql-on-the-bb89 = { $inputs_object }.{ $inputs_field } の列の上に SQL で作られたものを一覧にする
a-column-that-a-view-or-a-foreign-0ed4 = ビューや外部キーが依存している列は、単独では削除できません。インデックス、制約、トリガーは列と一緒に消えます。
see-what-has-changed-of-and-which-method-8048 = { $inputs_object }.{ $inputs_field } の何が変わったか、どの方式が必要かを確かめる
a-longer-field-needs-less-than-a-shorter-7501 = 長くなった項目に必要な作業は、短くなった項目や型が変わった項目より少なくて済みます。短くなった項目については、Heroku の 2 つの情報源の記述が食い違っています。
check-that-no-announced-heroku-maintenance-falls-into-e412 = 予告された Heroku のメンテナンスが今から 1 時間以内にないことを確認する
check-that-is-mapped-and-what-salesforce-has-920c = { $inputs_object }.{ $inputs_field } がマッピングされていることと、Salesforce での定義を確認する
the-definition-in-salesforce-is-what-the-column-fa8f = 列は Salesforce の定義のとおりになります。
note-the-pending-writes-and-write-errors-that-95e2 = { $connection_name } に初めからある未送信の書き込みと書き込みエラーを記録する
only-errors-that-come-afterwards-say-something-about-df76 = 変更の影響を示すのは、その後に出たエラーだけです。
wait-until-is-idle-3d1e = { $connection_name } が IDLE になるまで待つ
changes-that-are-on-their-way-to-salesforce-8c18 = Salesforce に送信される途中の変更は、古い列の定義で捕捉されています。

## runbooks/fragments/follower.toml

every-commit-on-the-old-database-after-the-4fcd = フォロワーが追い付いた後の旧データベースへのコミットは、1 つも新しいデータベースに入りません。
a-connection-that-resumes-on-the-old-database-83db = 旧データベースの上で再開した接続は、もう誰も使わないデータと同期してしまいます。
what-is-still-missing-when-the-silence-begins-47ad = 静止が始まった時点でまだ足りないものは、書き込み停止の間に待つことになります。遅れたフォロワーは、その前に追いつくのを待ちます。
what-proves-the-copy-full-compares-every-value-ce9c = コピーを何で証明するか：full はすべての行のすべての値を照合し、counts は行数だけを照合します；none はデータベースに接続せず、照合も、SQL による静止・遅延・未処理分・統計情報の確認もせず、旧データベースへの少量の書き込みは見つかりません
commits-that-the-follower-may-be-behind-when-8aac = 停止時間の開始時に許容する、フォロワーの遅れ（コミット数）
the-upgraded-copy-is-destroyed-with-its-attachments-a255 = アップグレードしたコピーはアタッチメントごと削除され、すべてが { $database_name } のまま続きます。
wait-until-is-0-commits-behind-seen-twice-5bcf = { $inputs_follower_name } の遅れが 0 コミットと二度確認できるまで待つ
with-the-apps-and-the-connection-silent-the-7ace = アプリと接続が静止していれば、フォロワーはリーダーに追い付きます。二度確認するのは、1 回の確認はコミットとコミットの間に当たることがあるためです。
unlogged-tables-reach-a-follower-empty-and-what-62fd = unlogged のテーブルはフォロワーでは空になり、クレデンシャルに読み取り権限がないものは誰にも照合できません。書き込み停止の前に、それを把握し、受け入れておく必要があります。
check-that-no-maintenance-of-falls-into-the-654a = { $database_name } のメンテナンスが今から 3 時間以内にないことを確認する
a-maintenance-replaces-the-leader-in-the-middle-327c = メンテナンスがあると、手順の途中でリーダーが置き換わります。
connect-neither-fills-nor-mends-an-empty-or-69ea = Connect は、空のデータベースや内容の違うデータベースを埋めも直しもしません。所要時間は見積もりです：約 { $database_gigabytes } GB について 1 GB あたり 10 秒。サーバーの読み取り速度で変わります。
create-the-follower-of-on-plan-b834 = { $database_name } のフォロワー { $inputs_follower_name } をプラン { $inputs_plan } で作成する
destroy-the-follower-c45a = フォロワー { $inputs_follower_name } を削除する
the-follower-is-destroyed-never-notices-it-0463 = フォロワーは削除されます。{ $database_name } には何の影響もありません。
the-follower-becomes-the-new-database-its-name-3513 = フォロワーが新しいデータベースになります。名前を先に決めておくのは、作成が中断しても二重に作らず、作成済みのものを見つけるためです。
nothing-is-changed-the-follower-can-be-destroyed-850a = 何も変更しません。フォロワーは削除できます。
a-follower-has-the-credentials-of-its-leader-3890 = フォロワーはリーダーのクレデンシャルを持っています。もしクレデンシャルが欠けていれば、それを使うアプリは移せず、旧データベースに書き込み続けてしまいます。
see-for-some-minutes-that-nothing-writes-to-8fd3 = { $database_name } にもう何も書き込んでいないことを数分間確かめる
the-apps-are-back-whatever-still-writes-to-0e1c = アプリは元どおり動いています。まだ旧データベースに書き込んでいるもの（別の場所のプログラムや、独自の環境設定（config var）にそのアドレスを持つアプリ）の書き込みは、誰にも読まれません。旧データベースを指しているものは名前を示します。
see-by-the-log-that-has-everything-of-339d = { $inputs_follower_name } に { $database_name } のすべてがあることをログで確かめる
herokus-behind-by-and-the-place-in-the-4476 = Heroku の「Behind By」と、両サーバーのログの位置が一致しなければなりません。一致しなければ、何かが足りなくなります。
wait-until-is-at-most-commits-behind-217c = { $inputs_follower_name } の遅れが { $inputs_nearly } コミット以下になるまで待つ
what-is-still-missing-when-the-silence-begins-ac46 = 静止が始まった時点でまだ足りないものは、書き込み停止の間に待つことになります。ここで待てば、その時間が短くなります。
the-old-database-is-kept-as-it-was-d822 = 旧データベースは、切り替え前のまま残します。誰かが削除するまで費用がかかります。自動では削除されません。フォロワーは旧データベースに付いたままなので、新しいフォロワーは手動で作ります。
readers-of-followers-of-know-that-their-database-7cc0 = { $database_name } のフォロワーから読み取っている人は、以後そのデータベースが最新ではなくなることを知っています。
watch-the-release-of-that-attaches-2163 = { $database_attachment } をアタッチする { $app_name } のリリースを見届ける
when-a-release-phase-fails-the-app-may-2a89 = リリースフェーズが失敗すると、アプリが古い { $connection_db_key } のまま、または { $connection_db_key } なしで動いていることがあります。
when-a-release-phase-fails-the-app-may-c43b = リリースフェーズが失敗すると、アプリが旧データベースのまま、またはデータベースなしで動いていることがあります。
watch-the-release-of-that-attaches-database-9ae0 = DATABASE をアタッチする { $app_name } のリリースを見届ける
when-a-release-phase-fails-the-app-may-a708 = リリースフェーズが失敗すると、アプリが古い DATABASE_URL のまま、または DATABASE_URL なしで動いていることがあります。
connect-goes-on-where-it-stopped-the-trigger-6fdb = Connect は止まったところから続けます。トリガーログの内容は Salesforce に送られ、Salesforce の変更はポーリングで取り込まれます。
an-accepted-resume-is-not-a-sync-that-6ab9 = 再開の要求が受け付けられても、同期が動いているとは限りません。IDLE、各マッピングの DATA_SYNCED、未処理分の送信、新しいエラーや通知がないこと、旧データベースに何の動きもないこと、診断に赤がないことを確かめます。
check-that-reads-a-config-var-that-means-00da = { $connection_name } が読む環境設定（config var）が { $inputs_follower_name } を指していることを確認する
sync-must-not-resume-on-the-old-database-39f0 = 旧データベースの上で同期を再開してはいけません。

## runbooks/fragments/inputs.toml

how-many-mappings-load-at-the-same-time-dba6 = 同時に読み込むマッピングの数
the-database-attachment-config-var-add-on-or-5636 = データベース：アタッチメント、環境設定（config var）、アドオン、または APP::NAME；指定しなければ接続のデータベース
salesforces-login-domain-for-salesforce-custom-5039 = --salesforce custom の場合の、Salesforce のログイン先ドメイン
the-follower-attachment-config-var-add-on-or-3848 = フォロワー：アタッチメント、環境設定（config var）、アドオン、または APP::NAME
when-the-apps-come-back-resumed-as-soon-7c8d = アプリをいつ元に戻すか：resumed は、Heroku の文書のとおり、同期が PAUSED でなくなり次第；synced は、同期が実際に動いていることを示す指標も確認した後
which-postgres-majors-may-be-named-those-that-b638 = 指定できる Postgres のメジャーバージョン：この hcops が Heroku で提供中と知っているもの（known）、または任意（any：判断は Heroku だけに任せる）
name-of-the-new-databases-add-on-chosen-ae64 = 新しいデータベースのアドオン名（作成前に決めておく）
plan-to-end-on-for-example-standard-2-446f = 変更後のプラン、例：standard-2
where-salesforce-is-logged-in-to-custom-needs-4384 = Salesforce のログイン先；custom には --domain が必要
for-a-connection-that-does-not-use-database-e05a = DATABASE_URL を使わない接続の場合：接続が使う名前で新しいデータベースをアタッチするか、接続のデータベース設定を付け替えるか
postgres-major-version-to-end-on-for-example-6a7c = アップグレード後の Postgres のメジャーバージョン、例：17

## runbooks/fragments/new-database.toml

apps-and-sync-are-about-to-write-to-e244 = これからアプリと同期が書き込みます。
see-that-no-dyno-of-runs-an-older-68df = { $app_name } に古いリリースで動いている dyno がないことを確認する
a-dyno-of-the-release-before-still-has-2413 = 前のリリースの dyno は旧データベースのアドレスを持ったままで、preboot では数分間生き続けます。メンテナンスモードがオフになると、旧データベースに書き込んでしまいます。
check-that-is-writable-and-follows-nothing-1549 = { $inputs_new_name } が書き込み可能で、何もフォローしていないことを確認する

## runbooks/fragments/signs.toml

see-by-its-signs-that-really-syncs-with-d05b = { $connection_name } がアップグレードした { $database_name } と実際に同期していることを、各指標で確かめる
an-accepted-resume-is-not-a-sync-that-0263 = 再開の要求が受け付けられても、同期が動いているとは限りません。IDLE であること、各マッピングが DATA_SYNCED であること、未処理分が送信されたこと、新たな異常がないこと、診断に赤がないことを確かめます。
see-by-its-signs-that-really-syncs-fd20 = { $inputs_new_name } が実際に同期していることを、各指標で確かめる
an-accepted-resume-is-not-a-sync-that-14f8 = 再開の要求が受け付けられても、同期が動いているとは限りません。
see-by-its-signs-that-really-syncs-with-980b = { $connection_name } が { $inputs_new_name } と実際に同期していることを、各指標で確かめる
an-accepted-resume-is-not-a-sync-that-5e65 = 再開の要求が受け付けられても、同期が動いているとは限りません。IDLE に戻らなければ、新しいデータベースの上に接続を作り直します：`hcops run connection-recreate -a { $app_name } --before broken`。

## runbooks/fragments/silence.toml

while-connect-is-under-maintenance-sync-cant-be-26c8 = Connect のメンテナンス中は同期を再開できません。最長 45 分続き、停止時間もそれだけ長くなります。
a-maintenance-would-replace-the-database-in-the-97de = メンテナンスがあると、停止時間の途中でデータベースが置き換わります。
a-connection-can-be-paused-only-in-idle-4773 = 接続を一時停止できるのは IDLE のときだけです。進行中の処理は、その前に終わります。書き込みはまだできるため、ここで待つ時間は停止時間になりません。
let-the-downtime-begin-dfde = 停止時間を始める
nothing-is-off-yet-hcops-abort-takes-back-4d08 = まだ何も止めていません。準備したものは `hcops abort` で元に戻せます。
writes-are-still-on-and-nobody-but-the-a01d = 書き込みはまだできます。いつ書き込み停止にするか（今すぐ、決めた時刻、または時間帯の中）を決めるのは、オペレーターだけです。停止時間の前提となるものは、それを尋ねる前に確認し、始まる直前にもう一度確認します。
web-requests-must-not-write-while-the-database-5956 = データベースをコピーする間、Web リクエストが書き込んではいけません。メンテナンスモードで止まるのは Web トラフィックだけです。
note-what-heroku-counts-of-while-it-is-4932 = 静止している間に、{ $database_name } について Heroku が数えているものを記録する
without-sql-the-count-of-its-transactions-is-200a = SQL を使わない場合、まだ誰かが書き込んでいるかどうかを後で知る手がかりは、トランザクション数だけです。
connect-must-not-write-while-the-database-is-1cee = データベースを置き換える間、Connect が書き込んではいけません。停止時間が始まるまで書き込みはできます。その間の変更は、引き続きトリガーログと Salesforce にたまります。
scale-everything-but-web-of-to-0-7200 = { $app_name } の web 以外をすべて 0 にスケールする
the-formation-of-before-is-restored-nothing-is-0a3b = フォーメーションを以前の状態に戻します。失われるものはありません。
workers-one-off-dynos-and-scheduled-jobs-keep-bd52 = worker、one-off dyno、スケジュールされたジョブは、メンテナンスモード中も書き込み続けます。それぞれの元の数とサイズは、止める前に記録します。

## runbooks/fragments/sync.toml

whether-the-trigger-log-is-looked-at-by-80d4 = データベースにここから到達できる場合に、トリガーログを SQL で確認するか；none はデータベースに接続しません
check-that-no-announced-heroku-maintenance-falls-into-7eba = 予告された Heroku のメンテナンスが今から 15 分以内にないことを確認する

## runbooks/operations/app-formation.toml

how-many-dynos-bf04 = dyno の数
the-dynos-size-for-example-standard-1x-dea8 = dyno のサイズ、例：Standard-1X
the-process-type-as-in-the-procfile-worker-ba50 = Procfile にあるプロセスタイプ、例：worker
scale-of-to-45c2 = { $app_name } の { $inputs_type } を { $inputs_quantity } × { $inputs_size } にスケールする
every-process-type-gets-back-what-it-had-5a93 = すべてのプロセスタイプを元の数とサイズに戻します。
this-is-how-many-are-wanted-962e = これが指定された数です。
gives-one-process-type-of-the-app-a-5c58 = アプリの 1 つのプロセスタイプに数とサイズを設定し、アプリがそのとおりになるまで待ちます。

## runbooks/operations/app-maintenance-off.toml

it-can-be-turned-on-again-at-any-7d61 = いつでもまたオンにできます。
visitors-reach-the-app-again-a649 = 訪問者が再びアプリにアクセスできるようになります。
turns-maintenance-mode-of-the-app-off-so-1b04 = アプリのメンテナンスモードをオフにし、訪問者が再びアクセスできるようにします。

## runbooks/operations/app-maintenance-on.toml

web-requests-must-not-write-maintenance-mode-stops-62bf = Web リクエストが書き込んではいけません。メンテナンスモードで止まるのは Web トラフィックだけです。
turns-maintenance-mode-of-the-app-on-it-f6b5 = アプリのメンテナンスモードをオンにします。止まるのは Web トラフィックだけで、worker、one-off dyno、スケジュールされたジョブは動き続けます。

## runbooks/operations/app-scale-down.toml

workers-one-off-dynos-and-scheduled-jobs-keep-f9d8 = worker、one-off dyno、スケジュールされたジョブは、メンテナンスモード中も書き込み続けます。
scales-every-process-type-but-web-to-0-0f29 = 接続のデータベースを持つすべてのアプリで、web 以外のすべてのプロセスタイプを 0 にスケールし、何も動かなくなるまで待ちます。それぞれの元の数とサイズは記録します。実行が終わるまでは `hcops abort` で、その後は `hcops app formation` で元に戻せます。
scale-everything-but-web-of-every-app-of-136b = { $database_name } のすべてのアプリの web 以外をすべて 0 にスケールする

## runbooks/operations/connect-authorize.toml

note-as-whom-is-logged-in-and-since-d913 = { $connection_name } が誰としていつからログインしているかを記録する
only-by-what-is-otherwise-afterwards-a-new-18d2 = 新しいログインを以前のログインと見分けるには、後で変わったところを見るしかありません。
from-the-login-on-the-connection-acts-as-a3f3 = ログインした時点から、接続はログインした人として動作します。以前のログインは戻りません。置き換えるには、別のログインをするしかありません。
an-address-that-nobody-follows-changes-nothing-a-490c = 発行されたアドレスは、誰も開かなければ何も変えません。ログインを置き換えるのは、別のログインだけです。
it-is-done-when-the-connection-shows-the-25fe = 完了は、誰かの申告ではなく、接続に新しいログインが表示されることで判断します。
has-somebody-log-in-to-salesforce-for-the-8e2d = 接続のために、誰かに Salesforce へログインしてもらいます。ログイン用アドレスを求めて表示し（端末からはブラウザーで開けます）、接続に新しいログインが表示されるまで待ちます。以前のログインは数えません。端末に誰もいなければ、実行はアドレスを示して待機し（終了コード 10）、`hcops answer RUN log-in yes` で続きます。

## runbooks/operations/connect-errors.toml

list-the-writes-of-that-salesforce-has-refused-4081 = { $connection_name } の書き込みのうち Salesforce に拒否されたものを一覧にする
what-was-refused-is-in-postgres-and-not-23d3 = 拒否された書き込みは、誰かが直して送り直すまで、Postgres にはあっても Salesforce にはありません。
lists-the-writes-that-salesforce-has-refused-in-e1e3 = 過去 24 時間に Salesforce に拒否された書き込みを一覧にします。自動では再試行されません。何も変更しません。終了コード 0 は 1 件もないこと、15 はあることを示します。--json では、種類が `settled` のイベントに全件が入ります。

## runbooks/operations/connect-export.toml

export-the-configuration-of-and-check-that-it-fe9c = { $connection_name } の設定をエクスポートし、すべてのマッピングが入っていることを確認する
a-file-that-lacks-a-mapping-shows-that-a0e2 = ファイルにマッピングが足りなくても、必要になるまで気付けません。
exports-the-configuration-of-the-connection-and-checks-0aee = 接続の設定をエクスポートし、完全であることを確認します。構文が正しく、各マッピングが項目とともに入っていることを確かめます。何も変更しません。ファイルは実行の証拠に保存し、--out にも書き出します。`hcops connect import` と `heroku connect:import` で読み込めます。データベース、スキーマ、ログイン、コラボレーター、ベータ機能は入りません。
export-the-configuration-of-b0d2 = { $connection_name } の設定をエクスポートする

## runbooks/operations/connect-import.toml

the-configuration-as-hcops-connect-export-or-heroku-701a = `hcops connect export` または `heroku connect:export` が書き出した設定；内容は計画に入ります
check-that-the-file-can-be-imported-into-00aa = ファイルを { $connection_name } にインポートできることを確認し、それによる変更を示す
a-file-of-another-version-or-without-its-9cb6 = バージョンの違うファイルや項目のないファイルは、いったん受け付けられ、後で失敗します。
export-the-configuration-of-as-it-is-before-784e = { $connection_name } の変更前の設定をエクスポートする
it-is-what-leads-back-and-nothing-else-4918 = 元に戻すにはこれが必要で、ほかのどこにも残りません。
mappings-become-as-the-file-says-columns-that-747f = マッピングはファイルのとおりになります。ファイルにない列は、その上に SQL で作られたものごと削除され、テーブルは読み込み直されます。以前の設定をインポートすると、列は戻りますが、その上に作られていたものは戻りません。
the-configuration-of-before-is-in-the-runs-229f = 以前の設定は実行の証拠にあり、インポートできます。追加されたマッピングは手動で削除します。
an-accepted-import-is-not-an-import-it-4963 = インポートの要求が受け付けられても、まだインポートされたとは限りません。応答の後も処理は続き、直後は以前の状態が表示されることがあります。
imports-a-configuration-that-was-exported-and-waits-c814 = エクスポートした設定をインポートし、そのマッピングがすべてファイルのとおりにでき、DATA_SYNCED になるまで待ちます。何が変わるかは計画で示します。ファイルにないマッピングには手を付けません。以前の設定を先にエクスポートして実行の証拠に保存し、--out にも書き出します。その設定はまたインポートできますが、追加されたマッピングは誰かが削除するまで残ります。
import-a-configuration-into-b459 = { $connection_name } に設定をインポートする

## runbooks/operations/connect-pause.toml

a-connection-can-be-paused-only-in-idle-d90d = 接続を一時停止できるのは IDLE のときだけです。進行中の処理は、その前に終わります。
connect-writes-nothing-while-it-is-paused-d4b6 = 一時停止中の Connect は何も書き込みません。
waits-until-the-connection-is-idle-pauses-it-91ff = 接続が IDLE になるのを待って一時停止し、PAUSED になるまで待ちます。その間、変更は引き続きトリガーログと Salesforce にたまります。

## runbooks/operations/connect-reload.toml

objects-whose-mappings-are-reloaded-in-this-order-d07c = マッピングを再読み込みするオブジェクト（この順）、例：Account Contact
a-broken-mapping-cannot-load-and-one-that-e964 = 壊れたマッピングは読み込めません。すでに読み込み中のマッピングで、もう一度始めてはいけません。
show-what-the-reload-asks-of-salesforce-3a29 = 再読み込みが Salesforce にかける負荷を示す
a-reload-reads-every-record-where-the-organisation-a56c = 再読み込みは全レコードを読みます。組織の API コール数が尽きると途中で止まり、API コールを使うほかの処理もすべて止まります。
note-the-write-errors-of-69da = { $connection_name } の書き込みエラーを記録する
only-errors-that-come-afterwards-say-something-about-0933 = 再読み込みの影響を示すのは、その後に出たエラーだけです。
the-table-of-is-cleared-rows-without-a-070f = { $mapping_object_name } のテーブルは空にされます：Salesforce ID のない行は完全に失われ、行の ID が変わることがあります。先に確認してください：SELECT count(*) FROM { $connection_schema_name }.TABLE WHERE sfid IS NULL。
reload-and-see-it-load-d31a = { $mapping_object_name } を再読み込みし、読み込みが始まったことを確かめる
none-the-table-is-cleared-first-it-can-5633 = ありません。テーブルは先に消去されます。再読み込みはもう一度できます。
the-table-is-cleared-and-loaded-from-salesforce-c18b = テーブルを消去し、Salesforce から読み込みます。再読み込みの要求が受け付けられても、実際に再読み込みされるとは限りません。実際に確認する必要があります。
wait-until-is-data-synced-803c = { $mapping_object_name } が DATA_SYNCED になるまで待つ
it-can-be-reloaded-again-0f72 = 再読み込みはもう一度できます。
until-then-its-table-is-not-whole-314d = それまで、テーブルの内容は完全ではありません。
loads-the-tables-of-mappings-from-salesforce-again-5dbe = マッピングのテーブルを Salesforce から読み込み直します。各テーブルは先に消去されます。読み込みを確認し、DATA_SYNCED になるまで待ちます。Salesforce の組織にかかる負荷を先に示し、承認を求めます。Salesforce の ID がない行は失われ、行の ID は変わることがあります。マッピングごとに、オブジェクト名の入力で確認します。
reload-mappings-of-5b1b = { $connection_name } のマッピングを再読み込みする

## runbooks/operations/connect-repoint.toml

connect-must-not-write-while-the-database-under-7889 = 接続先のデータベースを置き換える間、Connect が書き込んではいけません。
the-database-that-the-config-var-means-attachment-0b5c = 環境設定（config var）が指すデータベース：アタッチメント、環境設定（config var）、アドオン、または APP::NAME
the-config-var-that-the-connection-is-to-ddcc = 接続に使わせる環境設定（config var）、例：HEROKU_POSTGRESQL_ROSE_URL
the-setting-is-changed-back-2cf7 = 設定を元に戻します。
the-connections-database-setting-names-another-config-va-341f = 今後、接続のデータベース設定は別の環境設定（config var）を指します。
makes-the-connection-use-another-config-var-for-7f23 = 一時停止中の接続が使うデータベースの環境設定（config var）を、別のものに変えます。その指すデータベースには、Connect のスキーマがすでになければなりません。空のデータベースを Connect は埋めてくれません。

## runbooks/operations/connect-resume.toml

what-has-collected-has-to-be-sent-and-18a6 = たまった分を送信する必要があります。また、再開の影響を示すのは、その後に出たエラーだけです。
pause-sync-on-again-3198 = { $connection_name } の同期を再び一時停止する
sync-is-paused-again-what-was-synced-until-1c01 = 同期を再び一時停止します。それまでに同期されたものは、そのまま残ります。
connect-goes-on-where-it-stopped-in-both-09fd = Connect は、双方向とも止まったところから続けます。
wait-until-is-idle-each-mapping-data-synced-8764 = { $connection_name } が IDLE、各マッピングが DATA_SYNCED になり、たまった分が送信されるまで待つ
resumes-sync-and-waits-until-the-connection-is-9b42 = 同期を再開し、新しい書き込みエラーなしに、接続が IDLE、各マッピングが DATA_SYNCED になり、たまった分が送信されるまで待ちます。再開の要求が受け付けられても、同期が動いているとは限らないためです。

## runbooks/operations/connect-state.toml

a-connection-that-is-broken-does-not-sync-58db = 壊れた接続は同期しません。
looks-whether-the-connection-and-its-mappings-are-b525 = 接続とそのマッピングが正常かどうかを確認します。何も変更しません。終了コード 11 のときは、何が妨げになっているかを示します。

## runbooks/operations/connect-validate.toml

have-connect-diagnose-and-its-mappings-c28e = { $connection_name } とそのマッピングを Connect に診断させる
connect-knows-what-it-could-not-do-well-dd96 = 項目の欠落、古い API バージョン、多すぎるマッピングなど、うまく処理できないものは、止まる前に Connect が把握しています。
has-connect-diagnose-the-connection-and-its-mappings-b797 = `heroku connect:diagnose` と同じく、接続とそのマッピングを Connect に診断させ、結果を待ちます。何も変更しません。終了コード 0 はエラーになった検査がないこと（警告は一覧にします）、15 はあることを示します。--json では、種類が `settled` のイベントに診断の全体が入ります。

## runbooks/operations/postgres-copy.toml

a-copy-erases-its-target-first-92aa = コピーは、まずコピー先を消去します。
the-database-that-is-copied-attachment-config-var-d2bc = コピー元のデータベース：アタッチメント、環境設定（config var）、アドオン、または APP::NAME
the-database-that-is-overwritten-attachment-config-var-82d2 = 上書きされるデータベース：アタッチメント、環境設定（config var）、アドオン、または APP::NAME；空でなければなりません
look-at-a71f = { $inputs_source } を確認する
its-size-says-how-long-the-copy-takes-60f1 = コピーの所要時間はサイズで決まります：1 GB あたり約 3 分。10 GB 以上にはコピーは向きません。
check-that-is-empty-5f06 = { $inputs_target } が空であることを確認する
check-that-is-available-and-writable-2a2f = { $inputs_target } が利用可能で書き込めることを確認する
nothing-can-be-copied-into-a-follower-or-24f5 = フォロワーや、Heroku がまだ準備中のデータベースには、何もコピーできません。
whatever-is-in-is-erased-and-overwritten-033d = { $inputs_target } にあるものは、すべて消去され上書きされます。
none-for-is-only-read-a-copy-that-8b84 = { $inputs_target } は元に戻せません。{ $inputs_source } は読み取るだけです。実行中のコピーは `heroku pg:backups:cancel` で止められます。
copies-a-database-into-another-one-which-has-7014 = データベースを別のデータベースにコピーし、終わるまで見届けます（終了・成功・警告 0 件で、テーブルの数が同じこと）。コピー先は空でなければならず、その名前の入力で確認します。書き込みは止めません。その間に書き込まれたものはコピーに入らず、コピーされるのはデフォルトのクレデンシャルから見えるデータだけです。正確かどうかは `hcops postgres compare SOURCE TARGET` で分かります。

## runbooks/operations/postgres-follow.toml

a-follower-is-a-copy-that-stays-up-d28c = フォロワーは、自動で最新に保たれるコピーです。
creates-a-follower-of-the-connections-database-and-f954 = 接続のデータベースのフォロワーを作成し、Heroku が作り終えるまで待ちます。名前を先に決めておくのは、作成が中断しても二重に作らず、作成済みのものを見つけるためです。

## runbooks/operations/postgres-info.toml

show-5d1f = { $inputs_database } を表示する
what-is-planned-for-a-database-and-how-1fd6 = データベースに何が予定されているか、フォロワーがどれだけ遅れているかで、今何ができるかが決まります。
shows-what-heroku-tells-about-a-database-plan-85dc = データベースについて Heroku が示す内容を表示します：プラン、バージョン、サイズ、フォロー先とその遅れ、フォロワー、どこまでロールバックできるか、予定されたアップグレード、メンテナンス。何も変更しません。--json では、種類が `settled` のイベントにすべてが名前付きで入ります。

## runbooks/operations/postgres-promote.toml

promotion-does-not-end-the-following-an-app-c6db = 昇格してもフォローは終わりません。読み取り専用のデータベースに切り替えたアプリは、エラーになります。
the-database-attachment-config-var-add-on-or-b67c = データベース：アタッチメント、環境設定（config var）、アドオン、または APP::NAME
database-url-then-means-this-database-1956 = これにより、DATABASE_URL はこのデータベースを指します。
makes-a-database-the-database-of-the-app-00d0 = データベースをアプリの DATABASE にします。ほかのアタッチメントは移さず、何も一時停止せず、コピーの確認もしません。それらは手順の役目です。

## runbooks/operations/postgres-unfollow.toml

another-database-than-a-follower-of-is-not-f4a0 = 対象にできるのは { $database_name } のフォロワーだけです。
check-that-is-a-follower-of-8055 = { $inputs_database } が { $database_name } のフォロワーであることを確認する
wait-until-has-nearly-caught-up-with-8924 = { $inputs_database } が { $database_name } にほぼ追い付くまで待つ
what-it-has-not-replayed-when-it-ceases-53e7 = フォローをやめた時点でまだ再生していないものは、二度と届きません。
ceases-to-follow-and-never-will-again-52bc = { $inputs_database } は { $database_name } のフォローをやめ、二度とフォローできません。
end-the-following-of-5c41 = { $inputs_database } のフォローを終わらせる
none-for-the-follower-is-untouched-948b = フォロワーは元に戻せません。{ $database_name } は手つかずのままです。
only-a-database-that-follows-nothing-can-be-4f7d = 書き込めるのは、何もフォローしていないデータベースだけです。昇格してもフォローは終わりません。
ends-the-following-of-a-follower-of-the-6abb = 接続のデータベースのフォロワーのフォローを終わらせ、書き込めるようになるまで待ちます。リーダーと同じバージョンの独立したデータベースになり、二度とフォローできません。リーダーには手を付けません。リーダーにあってもまだ再生していないものは失われるため、追い付いていなければなりません。

## runbooks/operations/postgres-upgrade.toml

the-same-upgrade-request-means-something-else-for-9e6d = 同じアップグレード要求でも、リーダーに対しては意味が違います。リーダーとそのフォロワーがアップグレードされ、元に戻せません。
the-same-upgrade-request-means-something-else-for-b1ca = 同じアップグレード要求でも、リーダーに対しては意味が違います。リーダーとそのフォロワーがアップグレードされてしまいます。
upgrade-to-postgres-a271 = { $inputs_database } を Postgres { $inputs_to } にアップグレードする
the-follower-stops-following-becomes-writable-and-is-5870 = フォロワーはフォローをやめて書き込み可能になり、アップグレードされます。{ $database_name } はそのまま変わりません。
upgrades-a-follower-of-the-connections-database-to-23da = 接続のデータベースのフォロワーを別のメジャーバージョンにアップグレードします。フォローをやめてから、アップグレードされます。リーダーには手を付けません。
upgrade-the-follower-of-to-postgres-28c4 = { $database_name } のフォロワー { $inputs_database } を Postgres { $inputs_to } にアップグレードする

## runbooks/operations/postgres-wait.toml

what-is-accepted-is-not-yet-done-heroku-e7cb = 要求が受け付けられても、まだ終わってはいません。Heroku によるデータベースの準備には、数分から数時間かかります。
waits-until-a-database-is-available-and-follows-1b6d = データベースが利用可能で、何もフォローしていない状態になるまで待ちます。何も変更しません。

## runbooks/plan-change-follower.toml

connect-must-not-write-while-the-database-under-0969 = 接続先のデータベースを置き換える間、Connect が書き込んではいけません。Connect が書き込むデータベースは 1 つだけなので、旧データベースに書き込んだ分は新しいデータベースに入りません。
what-is-missing-when-the-following-ends-is-1e78 = フォローが終わった時点で足りないものは、二度と届きません。
a-database-that-somebody-else-has-unfollowed-misses-de79 = ほかの誰かがフォローを終わらせたデータベースには、それ以後に書き込まれたものがありません。
what-is-missing-when-the-following-ends-is-0207 = フォローが終わった時点で足りないものは、二度と届きません。Heroku の表示にかかわらず、ログのバイト位置でフォロワーに不足がないことが必要です。
promotion-does-not-end-the-following-an-app-0ba1 = 昇格してもフォローは終わりません。読み取り専用のデータベースに切り替えたアプリや接続は、エラーになります。
a-second-database-until-one-of-the-two-bfcd = どちらか一方を削除するまで、データベースがもう 1 つ；フォロワーは手動で作り直す
about-15-minutes-and-the-comparison-not-recommended-7a9f = 約 15 分に加えて照合の時間；1 分未満で済む方式 upgrade があるため非推奨
the-old-database-stays-intact-until-the-first-8fef = 新しいデータベースに最初の書き込みがあるまで、旧データベースはそのまま残る
check-that-can-be-followed-6e23 = { $database_name } のフォロワーを作れることを確認する
essential-databases-have-no-followers-a-follower-cannot-dbc4 = Essential のデータベースにフォロワーは作れず、フォロワーのフォロワーも作れません。フォローできるのは、データベースの Fork/Follow が Available の間だけです。
check-that-fits-and-that-its-tier-can-15b8 = { $database_name } が { $inputs_plan } に収まり、そのティアから移れることを確認する
heroku-refuses-a-follower-on-a-plan-that-135b = 小さすぎるプランのフォロワーは Heroku に拒否されます。収まるプランを示し、両方の料金を表示します。
web-requests-must-not-write-while-the-follower-7abe = フォロワーが追い付いてフォローを終える間、Web リクエストが書き込んではいけません。メンテナンスモードで止まるのは Web トラフィックだけです。
the-new-database-is-destroyed-and-everything-goes-badd = 新しいデータベースは削除され、すべてが手つかずの { $database_name } のまま続きます。
promotion-does-not-end-it-a-promoted-follower-9630 = 昇格してもフォローは終わりません。昇格したフォロワーは読み取り専用のままで、公式クライアントは警告するだけです。何もフォローしていないと思い込まず、実際に確認します。
only-a-database-that-follows-nothing-can-be-ef05 = 書き込めるのは、何もフォローしていないデータベースだけです。サーバーがリーダーになるまで、少し時間がかかります。
statistics-do-no-harm-the-new-database-can-9d0e = 統計情報は害になりません。新しいデータベースは削除できます。
a-follower-has-its-leaders-statistics-a-table-bab1 = フォロワーにはリーダーの統計情報があります。統計情報のないテーブルは、最初のクエリから遅くなります。
the-new-database-is-destroyed-with-its-attachments-3605 = 新しいデータベースはアタッチメントごと削除され、すべてが { $database_name } のまま続きます。
a-promoted-database-that-still-follows-is-no-8f9b = 昇格したデータベースがまだフォローしていれば、成功ではありません。これからアプリと同期が書き込みます。
not-recommended-addons-upgrade-the-method-upgrade-does-053f = 推奨しません。`addons:upgrade`（方式 upgrade）なら、停止は 1 分未満、Connect のステップもなしで同じことができ、アドオンは名前もアドレスも変わらず、フォロワーの向き先も自動で付け替わります。この方式を使うのは、切り替えの時刻を選ぶ必要がある場合や、戻し先として旧データベースを残す必要がある場合です。流れはバージョンのアップグレードと同じで、アップグレードそのものがないだけです。新しいプランのフォロワーを作成し、アプリと接続を静止させ、フォローを終わらせて、そちらに切り替えます。旧データベースのフォロワーは手動で作り直す必要があり、実行の最後に一覧を示します。静止と遅延 0 の確認は欠けをなくすためのもので、欠けがないことは切り替え前の両データベースの照合が証明します（`--compare`）。書き込み停止は約 15 分と、照合が終わるまでです。切り替えまでは旧データベースは手つかずで、`hcops abort` で戻せます。旧データベースは最後も残します。
change-from-to-through-a-follower-not-recommended-72b7 = フォロワーにより { $database_name } を { $database_plan } から { $inputs_plan } に変更する（非推奨）

## runbooks/plan-change-upgrade.toml

a-connection-that-is-broken-before-cannot-show-975c = 初めから壊れている接続では、切り替えの後に無傷だったことを示せません。
the-plan-that-is-changed-has-to-be-cb3f = 変更するプランは、接続が使うデータベースのものでなければなりません。
the-new-plans-price-from-the-changeover-on-f9a0 = 切り替え以降は新しいプランの料金
under-a-minute-sync-needs-no-step-0329 = 1 分未満；同期についてのステップは不要
another-plan-change-it-takes-the-same-time-9470 = もう一度プランを変更する；同じ時間がまたかかる
a-plan-that-is-too-small-is-refused-3756 = 小さすぎるプランは拒否されます。また、Essential のデータベースはこの方法では別のティアに移れません。両方の料金を表示します。
check-that-no-maintenance-of-falls-into-the-5764 = { $database_name } のメンテナンスが今から 1 時間以内にないことを確認する
a-maintenance-is-a-changeover-too-the-two-6944 = メンテナンスでも切り替えが起こります。両者が重なってはいけません。
a-connection-that-is-broken-before-cannot-show-8782 = 初めから壊れている接続では、後で同期が無傷であることを示せません。
only-errors-that-come-afterwards-say-something-about-ff8e = 切り替えの影響を示すのは、その後に出たエラーだけです。
the-changeover-cannot-be-undone-only-another-plan-add6 = 切り替えは取り消せません。元に戻すにはもう一度プランを変更するしかなく、同じ時間がまたかかります。
change-the-plan-of-to-af77 = { $database_name } のプランを { $inputs_plan } に変更する
another-plan-change-back-to-1902 = もう一度プランを変更して { $database_plan } に戻します。
apps-and-sync-stay-up-while-heroku-prepares-0454 = Heroku が代わりのデータベースを準備する間、アプリも同期も動いたままです。切り替え自体は 1 分未満で済みます。その間、画面の前で待つ必要はありません。
check-that-is-available-and-can-be-written-5fa1 = { $database_name } が利用可能で、書き込めることを確認する
apps-and-sync-use-it-without-having-been-1946 = アプリと同期は、切り替わったことを知らされずにこのデータベースを使います。
check-that-still-uses-through-e3b4 = { $connection_name } が引き続き { $connection_db_key } を通して { $database_name } を使っていることを確認する
attachments-keep-their-names-at-a-plan-change-92d1 = プランを変更してもアタッチメントの名前は変わりません。思い込まず、実際に確認します。
to-connect-the-changeover-looks-like-a-failover-c207 = Connect からは、切り替えはフェイルオーバーに見えます。乗り切ったと思い込まず、実際に確認します。
to-connect-addons-upgrade-looks-exactly-like-a-0bf9 = Connect からは、`addons:upgrade` は高可用性のフェイルオーバーとまったく同じに見えます。そのため Connect についてのステップは不要で、同期の一時停止も再開もしません。Heroku は代わりのデータベースを準備し（すべて稼働したまま、数時間かかることもあります）、1 分未満で切り替えます。フォロワーの向き先は Heroku が付け替えます。使えるのは Standard 以上のティアと、Essential のティアの中だけです。Essential から別のティアへは、コピーでしか移れません。フォロワーによる切り替えも可能ですが、推奨しません。バージョンのアップグレードと同じく静止と一時停止が必要で、フォロワーも作り直しになります。戻すときは、取り消しではなく、もう一度プランを変更します。
change-from-to-2bdc = { $database_name } を { $database_plan } から { $inputs_plan } に変更する

## runbooks/rollback-recovery-reload.toml

what-an-app-still-wrote-to-the-old-29a5 = アプリがまだ旧データベースに書き込んでいると、その分は新しいデータベースに入りません。消去中のテーブルへの書き込みは失われます。リリースフェーズは動いてもかまいません。切り替え自体がリリースフェーズを起動します。
connect-must-not-write-while-the-database-under-6104 = 接続先のデータベースを置き換えてテーブルを読み込む間、Connect が書き込んではいけません。止めておいて初めて、テーブルへの書き込みが再読み込みの証拠になります。
a-change-that-has-not-reached-salesforce-is-1f3e = Salesforce に届いていない変更は、過去の時点のデータベースにはありません。再読み込みで入るのも、Salesforce にあるものだけです。
what-is-still-written-to-the-old-database-26f5 = どこからであれ、旧データベースにまだ書き込まれるものは、旧データベースとともに失われます。しかも、損失を了承した時点では誰の目にも入っていません。
what-shows-the-losses-counts-looks-into-the-05e4 = 損失を何で示すか：counts はデータベースの中で失われるものを調べ、再読み込みの前後に行を数えます；none はデータベースに接続せず、SQL による静止・損失・行数・未処理分・統計情報の確認をしません
when-the-apps-come-back-resumed-as-soon-bf9a = アプリをいつ元に戻すか：resumed は、Heroku の文書のとおり、同期が PAUSED でなくなり、すべてのテーブルの再読み込みが済み次第；synced は、同期が実際に動いていることを示す指標も確認した後
the-moment-to-go-back-to-in-utc-5a71 = 戻す先の時点（UTC）、例：2026-11-22T01:30:00Z；既存のデータベースを使う場合は、それを作ったときの時点
name-of-the-rollback-databases-add-on-chosen-866b = ロールバックデータベースのアドオン名（作成前に決めておく）；または既存のもの：アタッチメント、環境設定（config var）、アドオン、または APP::NAME
objects-to-reload-first-in-this-order-the-03fd = 先に再読み込みするオブジェクト（この順）；残りはその後
plan-of-the-rollback-database-for-example-standard-8c7d = ロールバックデータベースのプラン、例：standard-0
create-the-rollback-database-at-moment-or-take-e5f9 = ロールバックデータベースを --moment の時点で作成するか、--new-name で指定した既存のものを使うか
check-that-can-be-brought-back-as-it-c62c = { $database_name } を { $inputs_moment } の時点に戻せることを確認する
heroku-keeps-4-days-on-standard-plans-and-9bd7 = Heroku が保持するのは Standard プランで 4 日分、それより上のプランで 7 日分です。Essential ではロールバックできません。
check-that-was-made-from-and-is-not-8c9a = { $inputs_new_name } が { $database_name } から作られ、まだ使われていないことを確認する
another-database-would-lose-everything-and-where-it-99d0 = 別のデータベースだと、すべてが失われます。すでに昇格済みだと、切り替えの準備も取り消しもできなくなります。
it-is-about-to-become-the-database-of-1db3 = これからアプリと接続のデータベースになります。
what-is-lost-and-that-nothing-writes-any-ecc2 = 何が失われるか、そしてもう何も書き込んでいないことを、データベースそのもので確認します。
attest-that-is-the-wanted-rollback-07ce = { $inputs_new_name } が目的のロールバックであることを証言する
heroku-does-not-show-to-which-moment-a-9809 = どの時点にロールバックされたデータベースかを、Heroku は表示しません。
was-made-by-a-rollback-of-to-and-ab31 = { $inputs_new_name } は { $database_name } を { $inputs_moment } の時点にロールバックして作られ、その後は誰も書き込んでいません。
note-the-rows-of-each-mappings-table-before-2936 = 各マッピングのテーブルの、事前の行数を記録する
afterwards-they-show-what-the-way-to-the-9a59 = 過去への巻き戻しと再読み込みで何が変わったかを、後で示します。
show-what-reloading-every-mapping-of-asks-of-a9e7 = { $connection_name } の全マッピングの再読み込みが Salesforce にかける負荷を示す
a-reload-reads-every-record-where-the-organisation-212f = 再読み込みは全レコードを読みます。組織の API コール数が尽きると、書き込み停止のまま途中で止まります。
accept-that-stays-silent-until-its-credential-exists-41b7 = { $attachment_app } のクレデンシャルが { $inputs_new_name } にできるまで、{ $attachment_app } が静止したままになることを受け入れる
a-rollback-makes-a-new-database-with-the-c184 = ロールバックで作られる新しいデータベースには、デフォルトのクレデンシャルしかありません。{ $attachment_app } をオンにすると、旧データベースに書き込み続けてしまいます。
uses-the-credential-which-a-database-that-was-a515 = { $attachment_app } はクレデンシャル { $attachment_credential }（{ $attachment_name }）を使っていますが、ロールバックしたデータベースにはこのクレデンシャルがありません。誰かがこれを { $inputs_new_name } に作成してアタッチメントを移すまで、{ $attachment_app } はメンテナンスモードのまま、スケールダウンされたままになります：`heroku pg:credentials:create { $inputs_new_name } --name { $attachment_credential } -a { $database_owner_app }`。
attest-that-what-is-lost-beside-connect-was-fb8c = Connect の対象外で失われるものを確認したことを証言する
the-trigger-log-knows-mapped-tables-only-the-d3e3 = トリガーログに残るのはマッピングされたテーブルだけです。旧データベースは残るので、それ以外は後からでも救い出せます。
changes-after-in-tables-that-connect-does-not-f7c7 = Connect がマッピングしていないテーブルの { $inputs_moment } より後の変更は、停止時間の開始までにこれから加わるものも含めて、放棄するか、{ $database_name } から救い出します。
readers-of-know-that-another-database-with-other-f052 = { $database_name } から読み取っている人は、クレデンシャルの異なる別のデータベースに置き換わることを知っています。
web-requests-must-not-write-while-the-database-fa14 = データベースを置き換えてテーブルを読み込む間、Web リクエストが書き込んではいけません。メンテナンスモードで止まるのは Web トラフィックだけです。
create-as-it-was-at-7120 = { $inputs_new_name } を作成する：{ $inputs_moment } の時点の { $database_name }
destroy-the-rollback-database-b216 = ロールバックデータベース { $inputs_new_name } を削除する
the-rollback-database-is-destroyed-and-everything-goes-ed9c = ロールバックデータベースは削除され、すべてが { $database_name } のまま続きます。{ $database_name } には何の影響もありません。
what-is-written-from-now-on-would-be-32ad = 今から書き込まれるものは、指定の時点より後のほかの書き込みと一緒に放棄されるため、すでに書き込み停止にしています。大きなデータベースを書き込みを止めずに準備するには、手動で作成し、--take existing で指定してください。ロールバックは新しいデータベースになります。名前を先に決めておくのは、作成が中断しても二重に作らず、作成済みのものを見つけるためです。
they-are-not-in-a-database-of-the-8b20 = 過去の時点のデータベースにはなく、再読み込みで入るのも Salesforce にあるものだけです。証拠として保存し、誰かが了承する必要があります。
they-are-not-in-the-rollback-database-what-b17b = ロールバックデータベースにはありません。書き込まれるはずだった内容は { $database_name } のトリガーログにしかなく、{ $database_name } は残されます。
the-rollback-database-is-destroyed-and-everything-goes-52fc = ロールバックデータベースは削除され、すべてが手つかずの { $database_name } のまま続きます。
a-new-database-can-be-busy-for-a-c070 = 新しいデータベースは、復元後しばらく処理中のことがあります。また、書き込めるのは、何もフォローしていないデータベースだけです。
show-by-sql-what-is-lost-with-and-6b28 = { $inputs_new_name } で失われるものを SQL で示し、了承を得る
changes-that-only-has-captured-and-rows-that-f4d6 = { $database_name } だけが捕捉した変更と、Salesforce に一度も届かず再読み込みで消える行を、テーブルごとに数え、ID を実行の証拠に残します。このデータベースがそもそも { $database_name } の過去のものかどうかも分かります。
mark-in-what-has-sent-to-salesforce-since-c729 = その後 { $database_name } が Salesforce に送信したものに、{ $inputs_new_name } で印を付ける
the-rollback-database-is-destroyed-in-an-existing-6218 = ロールバックデータベースは破棄されます。既存のもの（--take existing）では、印が残ります。
the-trigger-log-of-a-database-of-the-d5e1 = 過去の時点のデータベースのトリガーログでは、Salesforce にとうに届いている変更が未処理になっています。同期を再開すると、Connect はそれをもう一度送信し、新しいレコードを二重に作ってしまいます。IGNORE の印を付けておけば、送信されずにアーカイブされます。その値は再読み込みで戻ります。
attest-that-what-is-lost-was-looked-at-dfdf = 失われるものを手動で確認したことを証言する
without-a-connection-to-the-databases-hcops-has-b455 = データベースに接続しないため、hcops はこれらの行を確認できません。旧データベースは残るので後からでも救い出せますが、新しいデータベースのテーブルは消去されます。
changes-after-that-had-not-reached-salesforce-were-f929 = { $inputs_moment } 以降の変更のうち Salesforce に届いていなかったものを確認し、必要なものを保存しました：{ $database_name } で SELECT * FROM { $connection_schema_name }._trigger_log WHERE created_at > '{ $inputs_moment }' AND state IN ('NEW', 'PENDING', 'FAILED')。
changes-that-has-sent-since-cant-be-sent-32ab = { $inputs_moment } 以降に { $database_name } が送信した変更は、もう一度送信されることがありません。{ $inputs_new_name } の { $connection_schema_name }._trigger_log で状態が NEW、PENDING、REQUEUE のいずれかであり、その id が { $database_name } ではもうこれらの状態にない行は、すべて IGNORE に設定済みです（UPDATE { $connection_schema_name }._trigger_log SET state = 'IGNORE' WHERE id IN (…)）。
rows-without-a-salesforce-id-were-looked-at-2c9b = Salesforce ID のない行を確認し、必要なものを保存しました：{ $inputs_new_name } のマッピングされた各テーブルについて SELECT count(*) FROM { $connection_schema_name }.TABLE WHERE sfid IS NULL。再読み込みをするとこれらの行は消えます。
statistics-do-no-harm-the-rollback-database-can-9905 = 統計情報は害になりません。ロールバックデータベースは削除できます。
the-first-queries-of-an-app-that-goes-7802 = 統計情報がないままアプリが稼働を始めると、最初のクエリでデータベースが落ちることがあります。
count-the-rows-of-each-mapped-table-of-a104 = { $inputs_new_name } のマッピングされた各テーブルの行を数える
beside-them-the-rows-after-the-reloads-show-5faf = 再読み込み後の行数と並べると、過去への巻き戻しとその後の再読み込みで何が変わったかが分かります。
the-rollback-database-is-destroyed-with-its-attachments-f786 = ロールバックデータベースはアタッチメントごと削除され、すべてが { $database_name } のまま続きます。
the-apps-and-the-connection-leave-everything-that-7a4f = アプリと接続は、{ $inputs_moment } より後に { $database_name } へ書き込まれたものをすべて手放します。続いて、マッピングされたすべてのテーブルが消去され、Salesforce から読み込まれます。Salesforce に一度も届いていない行は、新しいデータベースから消えます。
reload-and-wait-until-it-is-data-synced-e122 = { $mapping_object_name } を再読み込みし、DATA_SYNCED になるまで待つ
connects-marks-of-how-far-it-has-come-beaf = Connect が持つ同期位置の記録は、過去の時点のデータベースと合いません。テーブルを消去し、Salesforce から読み込みます。一時停止中でも Connect がこれを行うかどうかは、文書化されていません。10 分たっても始まらないものは、同期の再開直後に行います。
only-what-comes-afterwards-says-something-about-the-b9a8 = 新しいデータベースの状態を示すのは、この後に出る書き込みエラーと通知だけです。
reload-now-where-connect-did-not-while-it-260d = 一時停止中に Connect が再読み込みしなかった場合、ここで { $mapping_object_name } を再読み込みする
until-its-table-is-loaded-again-the-apps-075e = テーブルが再び読み込まれるまで、アプリは過去の行を使うことになります。同期の再開前に読み込み済みであれば、何もしません。
note-the-rows-of-each-mappings-table-beside-ad25 = 各マッピングのテーブルの行数を、事前の行数と並べて記録する
fewer-rows-than-salesforce-has-mean-a-load-c303 = 行数が Salesforce より少なければ、読み込みが完全ではありません。
count-the-rows-of-each-mapped-table-of-fa6a = { $inputs_new_name } のマッピングされた各テーブルの行を数え、事前の行数と並べる
connects-own-numbers-are-estimates-these-are-counted-7f2a = Connect 自身の数値は推定値ですが、こちらは実際に数えたものです。
a-rollback-never-touches-the-database-itself-it-2710 = ロールバックは、データベースそのものには決して手を付けません。ある時点の旧データベースの内容で、独自のクレデンシャルを持つ新しいデータベースを作ります。アプリと接続はそれに切り替わります。Connect が持つ同期位置の記録は過去の時点のデータベースと合わないため、接続を一時停止したまま全マッピングを Salesforce から読み込み直します。このとき、先にテーブルが消去されます。書き込みは、ロールバックデータベースを作る前に止めます。その間に書き込まれるものも放棄されてしまうからです。切り替えまでは現在のデータベースは手つかずで、`hcops abort` で戻せます。最後も、指定の時点より後に書き込まれたものをすべて含んだまま残します。失われるものは切り替えの前に SQL で行の ID とともに示し、誰かが了承する必要があります。`--compare none` ではデータベースの中をまったく見ないため、誰かが手動で確認する必要があります。
put-back-by-and-reload-every-mapping-of-d152 = { $database_name } を { $inputs_new_name } で過去に戻し、{ $connection_name } の全マッピングを再読み込みする

## runbooks/sync-pause-pause.toml

why-sync-is-paused-for-everybody-who-finds-95ef = 同期を一時停止する理由（一時停止中と気付いた人のため）
wait-until-is-idle-and-loads-no-table-f5c1 = { $connection_name } が IDLE になり、テーブルを読み込んでいない状態になるまで待つ
a-connection-can-be-paused-only-in-idle-2280 = 接続を一時停止できるのは IDLE のときだけで、再読み込みやインポートの実行中はできません。POLLING_DB_CHANGES が長く続く場合、理由は接続のログで分かります。
note-the-pending-writes-the-trigger-log-and-1c7f = { $connection_name } の未送信の書き込み、トリガーログ、書き込みエラーを記録する
afterwards-these-numbers-tell-what-the-pause-has-4b96 = 一時停止中に何がたまり、どのエラーが以前からあったかが、後でこの数値から分かります。
reason-changes-keep-collecting-in-the-trigger-log-206d = 理由：{ $inputs_reason }。変更は引き続きトリガーログと Salesforce にたまります。
check-that-is-paused-b4e1 = { $connection_name } が PAUSED であることを確認する
sync-is-resumed-at-any-time-with-hcops-4f8e = 同期は `hcops run sync-resume` でいつでも再開できます。
an-accepted-pause-is-not-yet-a-pause-b605 = 一時停止の要求が受け付けられても、まだ一時停止したとは限りません。
connect-finishes-the-work-under-way-and-then-1fc4 = Connect は進行中の処理を終えた後、Salesforce のポーリングも Salesforce への書き込みもしなくなります。失われるものはありません。Postgres の変更は引き続きトリガーログにたまり、Salesforce の変更は再開後にポーリングで取り込まれます（普段 Streaming API を使うマッピングも同じです）。一時停止が続く間、未処理分は増えます。トリガーログのアーカイブの保持期間は約 30 日（demo プランでは 7 日）です。  誰が、いつ、なぜ一時停止したかは、実行のジャーナルにあります。接続が一時停止している間は、このマシンの `hcops status` と `hcops doctor` にも表示されます。ほかの人に見えるのはダッシュボードの PAUSED だけなので、知らせてください。再開は `hcops run sync-resume` です。
pause-sync-on-f3ef = { $connection_name } の同期を一時停止する：{ $inputs_reason }

## runbooks/sync-resume-resume.toml

what-has-collected-would-be-synced-with-another-7ca5 = たまった分が、別のデータベースとの間で同期されてしまいます。
a-connection-that-resumes-on-a-database-that-6498 = 昇格したフォロワーなど、書き込めないデータベースの上で再開した接続は、エラーになります。
promotion-does-not-end-the-following-on-a-4ea8 = 昇格してもフォローは終わりません。読み取り専用のデータベースでは、同期がエラーになります。
connect-goes-on-where-it-stopped-entries-of-110e = Connect は止まったところから続けます。トリガーログの内容は Salesforce に送られ、Salesforce の変更はポーリングで取り込まれます（普段 Streaming API を使うマッピングも同じです）。この実行が終わるのは、接続が IDLE、各マッピングが DATA_SYNCED になり、たまった分が送信されたときです。送信されたかどうかは Connect の数値で判断し、ここからデータベースに到達できる場合は、以前に捕捉された変更がトリガーログに未処理で残っていないことも確かめます。要求が受け付けられただけでは終わりません。未処理分が送信される間、値が一時的に行き来したり、削除したものが復活したりするのは正常です。

## runbooks/version-upgrade-copy.toml

a-second-database-until-one-of-the-two-ecb9 = どちらか一方を削除するまで、データベースがもう 1 つ
about-3-minutes-for-each-gigabyte-and-the-20d2 = 1 GB あたり約 3 分に加えて照合の時間；10 GB 未満のみ
check-that-can-be-copied-into-a-database-84c1 = { $database_name } を、プラン { $inputs_plan }、Postgres { $inputs_to } のデータベースにコピーできることを確認する
a-maintenance-replaces-the-database-in-the-middle-20f1 = メンテナンスがあると、手順の途中でデータベースが置き換わります。Essential では予告なしに行われます。
create-empty-on-plan-and-postgres-bbd0 = 空の { $inputs_new_name } を、プラン { $inputs_plan }、Postgres { $inputs_to } で作成する
the-database-is-copied-into-a-new-one-0590 = データベースを目的のバージョンの新しいデータベースにコピーし、アプリと接続をそちらに切り替えます。対象は 10 GB 未満のデータベースで、Shield では使えません。Essential のデータベースはその場で、それより上のティアではフォロワーでもアップグレードでき、停止時間はそのほうが短くなります。フォロワーは旧データベースに付いたままなので、作り直します。コピーに入るのは、開始時点にあった内容です。その後何も書き込まれていないことを旧データベースそのもので確かめ、切り替えの前に両者を照合します（`--compare`）。書き込み停止は、コピーの間ずっと（1 GB あたり約 3 分）と、照合が終わるまで続きます。切り替えまでは旧データベースは読み取るだけで、`hcops abort` で戻せます。旧データベースは最後も残します。接続が新しいデータベースの上で復帰しない場合は、connection-recreate で作り直します。
upgrade-from-postgres-to-by-a-copy-1a8e = コピーにより { $database_name } を Postgres { $database_version } から { $inputs_to } にアップグレードする

## runbooks/version-upgrade-follower.toml

the-upgrade-ends-the-following-commits-that-are-c6e0 = アップグレードするとフォローは終わります。その時点で足りないコミットは、二度と届きません。
the-upgrade-ends-the-following-by-the-logs-cd48 = アップグレードするとフォローは終わります。Heroku の表示にかかわらず、ログのバイト位置でフォロワーに不足がないことが必要です。
about-30-minutes-776e = 約 30 分
check-that-can-be-followed-and-upgraded-to-924b = { $database_name } のフォロワーを作り、{ $inputs_to } にアップグレードできることを確認する
web-requests-must-not-write-while-the-follower-747d = フォロワーが追い付いてアップグレードされる間、Web リクエストが書き込んではいけません。メンテナンスモードで止まるのは Web トラフィックだけです。
the-upgraded-copy-is-destroyed-and-everything-goes-a838 = アップグレードしたコピーは削除され、すべてが手つかずの { $database_name } のまま続きます。
the-follower-stops-following-becomes-writable-and-is-7f60 = フォロワーはフォローをやめて書き込み可能になり、アップグレードされます。{ $database_name } は Postgres { $database_version } のまま変わりません。
heroku-finishes-an-upgrade-before-the-database-is-33e0 = データベースが使えるのは、Heroku がアップグレードを終えてからです。また、書き込めるのは、何もフォローしていないデータベースだけです。
statistics-do-no-harm-the-upgraded-copy-can-80e3 = 統計情報は害になりません。アップグレードしたコピーは削除できます。
an-upgrade-may-leave-no-statistics-and-the-2905 = アップグレード後は統計情報がないことがあります。そのままアプリが稼働を始めると、最初のクエリでデータベースが落ちることがあります。
nothing-is-changed-the-upgraded-copy-can-be-2f00 = 何も変更しません。アップグレードしたコピーは削除できます。
a-follower-of-the-database-is-created-and-5565 = アプリと接続を静止させ、その間にデータベースのフォロワーを作成してアップグレードし、アプリと接続をそちらに切り替えます。Heroku Connect は空のデータベースを埋めてくれないため、新しいデータベースは正確なコピーでなければなりません。静止と、遅延 0 を二度確認するのはそのためで、切り替え前の両データベースの照合がそれを証明します（`--compare`）。書き込み停止は約 30 分と、照合が終わるまでです。切り替えまでは旧データベースは手つかずで、`hcops abort` で戻せます。旧データベースは最後も残します。
upgrade-from-postgres-to-through-a-follower-cd03 = フォロワーにより { $database_name } を Postgres { $database_version } から { $inputs_to } にアップグレードする

## runbooks/version-upgrade-in-place.toml

an-app-that-writes-during-the-upgrade-fails-7d28 = アップグレード中に書き込むアプリは、失敗するか、トランザクションの途中で切断されます。
a-connection-that-resumes-on-another-database-would-2cf6 = 別のデータベースの上で再開した接続は、誰も使わないデータと同期してしまいます。
connect-must-not-write-while-the-database-under-d2ab = 接続先のデータベースのアップグレード中に、Connect が書き込んではいけません。
whatever-still-writes-from-wherever-it-is-connected-cffc = どこから接続しているものであれ、まだ書き込んでいると途中で切断され、前後の行数を照合できなくなります。
a-connection-that-resumes-on-a-database-that-4af8 = 書き込めないデータベースの上で再開した接続は、エラーになります。
heroku-refuses-to-run-what-is-not-prepared-fe39 = 準備できていないアップグレードの実行は Heroku が拒否するため、アプリと同期を無駄に静止させることになります。
what-proves-that-nothing-was-lost-counts-compares-e0c7 = 何も失われていないことを何で証明するか：counts はテーブルとその行数を前後で照合します；none はデータベースに接続せず、SQL による静止・行数・未処理分・統計情報の確認をしません
whether-the-upgrade-is-tried-on-a-throwaway-f271 = 事前に使い捨てのフォロワーでアップグレードを試すか；Essential のデータベースでは試せません
about-5-to-10-minutes-0c5a = 約 5～10 分
none-but-a-rollback-or-a-backup-the-25ea = ロールバックかバックアップ以外になし：唯一のコピーをアップグレードするため
check-that-can-be-upgraded-to-in-place-bd98 = { $database_name } をその場で { $inputs_to } にアップグレードできることを確認する
one-request-has-three-meanings-for-a-follower-a8bc = 1 つの要求に 3 つの意味があります。フォロワーに対しては、フォローを終わらせてしまいます。すでに予約されているアップグレードは、ほかの誰かのものです。
check-that-no-maintenance-of-falls-into-the-5855 = { $database_name } のメンテナンスが今から 2 時間以内にないことを確認する
a-maintenance-replaces-the-database-in-the-middle-dfc6 = メンテナンスがあると、手順の途中でデータベースが置き換わり、予約されているものも実行されます。
the-connection-that-is-paused-has-to-be-57fe = 一時停止する接続は、アップグレードするデータベースのものでなければなりません。
check-that-no-announced-heroku-maintenance-falls-into-7b05 = 予告された Heroku のメンテナンスが今から 2 時間以内にないことを確認する
that-nothing-writes-and-that-nothing-is-missing-3983 = 何も書き込んでいないこと、後で何も欠けていないことを、データベースそのもので確認します。
try-the-upgrade-of-to-on-a-throwaway-59df = { $database_name } の { $inputs_to } へのアップグレードを使い捨てのフォロワーで試す
wait-until-no-trial-of-is-under-way-a68b = { $database_name } の試行が終わるまで待つ
nothing-is-changed-the-trial-ends-by-itself-ff94 = 何も変更しません。試行はひとりでに終わります。
what-would-fail-fails-there-and-the-database-fca9 = 失敗するものはそこで失敗し、データベースには手を付けません。Heroku は結果をメールでしか知らせません。
read-the-result-of-the-trial-9e8e = 試行の結果を読む
a-trial-that-failed-would-fail-on-the-adfd = 試行で失敗したものは、唯一のコピーでも失敗します。
the-e-mail-says-that-the-trial-succeeded-cd49 = メールに試行が成功したと書いてある
what-does-herokus-e-mail-say-about-the-8b9a = { $database_name } の Postgres { $inputs_to } への試行について、Heroku のメールには何と書いてありますか？
heroku-said-1ff1 = Heroku の応答：{ $steps_dry_run_said }
the-result-comes-by-e-mail-only-to-d1ac = 結果は、試行を要求したアカウントにメールでのみ届きます。約 6 分かかったという報告が 1 件あります。
where-the-e-mail-names-a-problem-turn-b378 = メールに問題が書いてあれば、`hcops abort` で中止して戻してください。試行で失敗するものは、唯一のコピーでも失敗します。
prepare-the-upgrade-of-to-which-also-schedules-1c24 = { $database_name } の { $inputs_to } へのアップグレードを準備する（同時に予約もされる）
cancel-the-scheduled-upgrade-of-9ade = 予約された { $database_name } のアップグレードを取り消す
the-scheduled-upgrade-is-cancelled-4a98 = 予約されたアップグレードを取り消します。
heroku-runs-only-what-is-prepared-apps-and-b17a = Heroku が実行するのは、準備できたものだけです。その間もアプリと同期は動いたままで、画面の前で待つ必要はありません。
say-when-heroku-runs-the-upgrade-of-by-dee3 = Heroku が { $database_name } のアップグレードを自ら実行する日時を示す
from-here-on-the-upgrade-happens-with-or-2e8f = ここから先は、この実行があってもなくても、次のメンテナンス時間帯に、アプリと同期が稼働したままアップグレードが行われます。
decide-whether-the-prepared-upgrade-is-run-cancelled-4896 = 準備したアップグレードを実行するか、取り消すか、予約のままにするかを決める；一緒にアップグレードされるフォロワー：{ $database_followers }
nothing-is-changed-hcops-abort-cancels-the-schedule-0f93 = 何も変更しません。予約は `hcops abort` で取り消されます。
a-prepared-upgrade-that-nobody-runs-or-cancels-b52e = 準備したアップグレードを誰も実行も取り消しもしないと、Heroku が自らの時間帯に、同期を一時停止せずに実行します。
run-it-now-sync-is-paused-and-once-7a71 = 今すぐ実行する：同期を一時停止し、停止時間を始めると約 5～10 分間書き込み停止になる
cancel-it-nothing-is-upgraded-3a40 = 取り消す：何もアップグレードしない
leave-it-scheduled-heroku-runs-it-in-the-8bac = 予約のままにする：アプリと同期が稼働したまま Heroku がメンテナンス時間帯に実行し、この実行は終わる
the-upgrade-of-to-postgres-is-prepared-and-4f23 = { $database_name } の Postgres { $inputs_to } へのアップグレードは、準備も予約も済んでいます。どう進めますか？
the-upgrade-can-be-prepared-again-696f = アップグレードはもう一度準備できます。
it-was-decided-not-to-upgrade-now-00b0 = 今はアップグレードしないと決められました。
say-when-the-upgrade-that-is-left-to-8358 = Heroku に任せたアップグレードが実行される日時を示す
heroku-pg-upgrade-cancel-a-cancels-it-until-c8ff = 始まるまでは `heroku pg:upgrade:cancel { $database_name } -a { $database_owner_app }` で取り消せます。
sync-should-be-paused-and-the-apps-silent-192e = そのときには同期を一時停止し、アプリを静止させておく必要がありますが、Heroku はどちらも行いません。始まるまでは `heroku pg:upgrade:cancel` が使えます。
nothing-is-changed-the-scheduled-upgrade-can-be-1017 = 何も変更しません。予約されたアップグレードは取り消せます。
a-day-may-have-passed-since-the-first-3a52 = 最初の確認から 1 日経っているかもしれません。同期を一時停止した後では、もう誰にも確認できません。
a-day-may-have-passed-since-the-first-9eeb = 最初の確認から 1 日経っているかもしれません。次に同期を一時停止しますが、メンテナンス中は一時停止も再開もできません。
what-is-open-when-sync-pauses-stays-in-5369 = 同期の一時停止時に未処理のものは、アップグレードの間トリガーログに残り、後で送信されます。
connect-must-not-write-while-the-database-is-9493 = データベースのアップグレード中に、Connect が書き込んではいけません。停止時間が始まるまで書き込みはできます。その間の変更は、引き続きトリガーログと Salesforce にたまります。
hcops-sees-dynos-and-the-connection-not-what-aa35 = hcops に見えるのは dyno と接続だけで、ほかから接続しているものは見えません。その書き込みは途中で失敗します。
readers-of-followers-of-know-that-their-databases-5d30 = { $database_name } のフォロワーから読み取っている人は、そのデータベースも一緒にアップグレードされ、その間使えないことを知っています。
a-backup-or-a-rollback-moment-of-is-aafb = { $database_name } には、戻り先にできるバックアップまたはロールバックの時点があります。
web-requests-must-not-write-while-the-database-aac9 = データベースのアップグレード中に、Web リクエストが書き込んではいけません。メンテナンスモードで止まるのは Web トラフィックだけです。
count-the-rows-of-every-table-of-fffa = { $database_name } の全テーブルの行を数える
there-is-only-one-database-what-it-holds-3ab3 = データベースは 1 つしかないため、後の内容を照合できる相手は、以前の内容だけです。時間は推定です（約 { $database_gigabytes } GB、1 GB あたり 2 秒）。
note-what-consists-of-now-that-nobody-changes-ba18 = 誰も変更しなくなった { $database_name } の構成を記録する
there-is-only-one-database-its-tables-indexes-1ab7 = データベースは 1 つしかありません。後のテーブル、インデックス、トリガー、関数、権限付与を照合できる相手は、以前のものだけです。
the-only-copy-of-the-data-is-upgraded-3d9b = データの唯一のコピーを、フォロワー（{ $database_followers }）とともにアップグレードします。Postgres { $database_version } に戻すには、以前の時点へのロールバック（Standard 以上のティア）かバックアップしかなく、どちらもこれ以降の書き込みが失われます。
upgrade-to-postgres-in-place-d846 = { $database_name } をその場で Postgres { $inputs_to } にアップグレードする
apps-and-sync-are-silent-followers-are-upgraded-5f1a = アプリと同期は静止しています。同じ要求でフォロワーもアップグレードされます：{ $database_followers }。
see-that-the-same-tables-of-hold-as-89eb = { $database_name } に以前と同じテーブルがあり、行数も同じであることを確かめる
apps-and-sync-are-still-silent-a-table-9f5d = アプリと同期はまだ静止しています。今テーブルがなかったり、行数が違ったりするのは、誰かの書き込みのせいではありません。
see-that-consists-of-what-it-consisted-of-a082 = { $database_name } の構成が以前と同じであることを確かめる
every-index-trigger-policy-and-grant-has-to-b011 = インデックス、トリガー、ポリシー、権限付与がすべて残っていなければなりません。アップグレードで照合順序のライブラリが変わることもあります。それによって正しくなくなるテキストのインデックスは、作り直す方法とともに名前を示します。
statistics-do-no-harm-b355 = 統計情報は害になりません。
note-how-and-its-database-are-before-sync-5166 = 同期を再開する前の { $connection_name } とそのデータベースの状態を記録する
only-what-comes-afterwards-says-something-about-the-6ff8 = アップグレードしたデータベースの状態を示すのは、この後に出る書き込みエラー、通知、トリガーログ、Salesforce の変更だけです。
the-database-itself-is-upgraded-with-its-followers-4434 = アプリと接続を静止させ、その間にデータベースそのものをフォロワーとともにアップグレードします。アドオン、アドレス、接続の設定は変わらず、書き込み停止は約 5～10 分です。アップグレードするのは唯一のコピーなので、その後に戻す方法はロールバック（Standard 以上のティア）かバックアップしかありません。Standard 以上のティアでは、すべてを動かしたまま、まず使い捨てのフォロワーでアップグレードを試し、準備を済ませます。準備すると予約もされるため、今すぐ実行するか、取り消すか、Heroku の次のメンテナンス時間帯に任せるかを尋ねます。Essential のデータベースはすぐにアップグレードされます。  照合できる 2 つ目のデータベースはありません。証明できるのは、その間に何も書き込まれなかったこと、以前と同じテーブルが同じ行数であること、同期が実際に再開したことです。`--compare none` ではデータベースの中をまったく見ません。  強制アップグレードや、Heroku がメンテナンス時間帯に実行するアップグレードでは、Connect は自動では一時停止しません。その後に Heroku がプランナーの統計情報を収集するかどうかは確認できていません。統計情報のないテーブルは、アプリを戻す前に ANALYZE します。
upgrade-from-postgres-to-in-place-1b3e = { $database_name } をその場で Postgres { $database_version } から { $inputs_to } にアップグレードする

## crates/actions/src/acceptance.rs

heroku-accepted-the-request-but-its-effect-is-f1cb = Heroku は要求を受け付けましたが（「{ $said }」）、結果はまだ現れていません

## crates/actions/src/app/dynos_current.rs

no-release-of-is-listed-b683 = { $app } のリリースが 1 つも一覧にありません
of-run-release-v-bb71 = { $app } の { $running } はリリース v{ $version } で動いています
dyno-8896 = dyno { $count } 個
dynos-dadf = dyno { $count } 個
of-still-run-an-older-release-than-v-100c = { $app } の { $older } は、まだ v{ $version } より古いリリースで、旧データベースを使って動いています；`heroku ps:restart -a { $app }` ですぐに入れ替わります
heroku-does-not-show-which-release-of-run-690e = { $app } の { $unknown } がどのリリースで動いているか、Heroku の表示からは分かりません。
do-all-dynos-of-run-v-heroku-ps-ad50 = { $app } の dyno はすべて v{ $version } で動いていますか？（`heroku ps -a { $app }`；`heroku ps:restart -a { $app }`）
preboot-is-on-1c8f = preboot がオンです
whether-preboot-is-on-could-not-be-read-857d = preboot がオンかどうかを読み取れませんでした
for-dynos-of-the-release-before-v-may-c70b = { $app }：{ $why }；v{ $version } より前のリリースの dyno が、旧データベースを使ったまま、あと { $as_secs } 秒生き続けることがあります

## crates/actions/src/app/formation.rs

of-56f5 = { $quantity }（{ $size }）

## crates/actions/src/app/left_behind.rs

of-still-leads-to-if-were-turned-on-93fe = { $app } の { $names } はまだ { $old } を指しています。{ $app } をオンにすると旧データベースに書き込み、その内容は失われてしまいます。{ $app } は静止したままにします。
give-the-credential-with-its-rights-and-the-5c53 = { $new } にクレデンシャルとその権限を与え、アタッチメントを { $new } に移してください：{ $commands }。その後、実行を再開してください。

## crates/actions/src/app/maintenance.rs

maintenance-mode-is-on-d2fe = メンテナンスモードはオンです
maintenance-mode-is-off-f28a = メンテナンスモードはオフです
turn-maintenance-mode-of-on-its-visitors-see-70fc = { $app } のメンテナンスモードをオンにする：訪問者にはメンテナンスページが表示される
turn-maintenance-mode-of-off-its-visitors-reach-221a = { $app } のメンテナンスモードをオフにする：訪問者は再びアプリを利用できる

## crates/actions/src/app/release_succeeded.rs

has-no-attachment-yet-3f43 = { $app } にはまだアタッチメント { $attachment } がありません
stays-with-2987 = { $attachment } は { $name } のままです
of-leads-to-not-to-9718 = { $app } の { $attachment } は、{ $database } ではなく { $name } を指しています。
somebody-has-moved-it-since-this-run-did-7a4a = この実行が移した後に、誰かが移しました。理由を調べ（`heroku releases -a { $app }`）、それから `heroku addons:attach { $database } --as { $attachment } -a { $app } --confirm { $app }` を実行してください。
release-v-succeeded-65a0 = リリース v{ $version } は成功しました
release-v-of-is-pending-heroku-releases-output-c9b3 = { $app } のリリース v{ $version } は保留中です；出力は `heroku releases:output v{ $version } -a { $app }` で見られます
release-v-the-later-v-succeeded-b32f = リリース v{ $version } は { $status } ですが、後の v{ $version_2 } が成功しました
release-v-of-has-the-status-which-hcops-3be3 = { $app } のリリース v{ $version } のステータス「{ $status }」は、hcops の知らないものです。
has-release-v-of-ended-well-heroku-releases-0cba = { $app } のリリース v{ $version } は正常に終わりましたか？（`heroku releases:info v{ $version } -a { $app }`）
leads-to-but-the-apps-dynos-still-run-57ee = { $variable } は { $name } を指していますが、アプリの dyno はまだ 1 つ前のリリースで動いています
the-app-must-not-run-like-that-6019 = { $wrong }：アプリをこの状態で動かしてはなりません
the-release-phase-of-v-of-did-not-bb43 = { $app } の v{ $version } のリリースフェーズは成功しませんでした（ステータス：{ $status }）。{ $meaning }。
read-its-output-heroku-releases-output-v-a-ceba = 出力を読み（`heroku releases:output v{ $version } -a { $app }`）、原因を直してください。{ $put_right } 環境設定がすでに { $name } を指していれば、デプロイが成功することでもこのステップは完了します。
no-release-of-that-attaches-is-listed-yet-1bea = { $app } に { $attachment } をアタッチするリリースは、まだ一覧にありません
no-release-is-listed-has-no-release-phase-432c = 一覧にリリースはありません；{ $app } にリリースフェーズはなく、{ $attachment } は { $database } を指しています

## crates/actions/src/app/restore_formation.rs

the-formation-was-as-before-already-c602 = フォーメーションはすでに元どおりでした
scaled-back-3bac = { $updates }を元の数にスケールしました
process-type-8a93 = プロセスタイプ { $count } 個
process-types-d916 = プロセスタイプ { $count } 個
has-no-such-process-type-any-more-everything-e53b = { $app } には次のプロセスタイプがもうありません：{ $names }。それ以外はすべて元どおりです。
a-deploy-has-renamed-or-removed-it-heroku-ecbb = デプロイで名前が変わったか、削除されています（`heroku releases -a { $app }`）。別のプロセスタイプがその役目を担っている場合は、そちらをスケールし（`heroku ps:scale TYPE=QUANTITY -a { $app }`）、それを理由としてこのステップを飛ばしてください。
scale-of-from-to-507d = { $app } の { $name } を { $amount } から { $amount_2 } にスケールする

## crates/actions/src/app/scale_down.rs

everything-but-web-was-at-0-already-2b2c = web 以外はすべてすでに 0 でした
scaled-to-0-83ef = 0 にスケールしました：{ $names }
scale-of-from-to-0-b834 = { $app } の { $name } を { $quantity } から 0 にスケールする
waiting-for-dynos-of-to-stop-6b54 = { $app } の dyno が止まるのを待っています：{ $names }
one-off-dynos-end-by-themselves-or-with-fa03 = { $waiting }；one-off dyno はひとりでに終わるか、`{ $commands }` で終わらせます

## crates/actions/src/app/silent.rs

since-the-plan-was-made-nobody-has-silenced-7413 = 計画の作成後の変化：{ $strangers }。アタッチ先は誰も静止させていません。
not-every-app-is-silent-dd9c = 静止していないアプリがあります：{ $noises }。
was-attached-to-as-9b44 = { $database } が { $name } に { $name_2 } としてアタッチされました
an-app-that-this-plan-does-not-know-2194 = この計画が知らないアプリが、最後まで { $database } に書き込む可能性があり、その書き込みは失われます。誰のものかを確認し（`heroku addons:info { $database }`）、デタッチするか（`heroku addons:detach NAME -a APP`）、中止して戻し（`hcops abort`）、計画を立て直してください。
maintenance-mode-of-is-off-8f3a = { $app } のメンテナンスモードがオフです
is-scaled-to-30f5 = { $app } が { $spoken } にスケールされています
runs-1b4a = { $app } で { $dyno } が動いています
another-operator-an-autoscaler-heroku-scheduler-or-a-6acd = 別のオペレーター、オートスケーラー、Heroku Scheduler、デプロイのいずれかが変えた可能性があります。何が動いているかは `heroku releases -a { $first }` と `heroku ps -a { $first }` で分かります。大元で止めてから、{ $names } に対して `heroku maintenance:on`、`heroku ps:scale TYPE=0`、`heroku ps:stop DYNO` のうち必要なものを実行してください。その間に書き込まれたものがフォロワーに届いてから、この実行を進める必要があります。

## crates/actions/src/app/world_as_planned.rs

the-facts-of-the-plan-cant-be-read-a257 = 計画の調査結果を読み取れません：{ $error }
they-were-probably-surveyed-by-another-version-of-ae53 = おそらく、別のバージョンの hcops で調査したものです。
make-a-new-plan-1487 = 新しい計画を立ててください。
was-and-is-10bf = { $what } は計画時には { $planned } でしたが、現在は { $is } です
the-connections-database-1e50 = 接続のデータベース
the-config-var-that-the-connection-reads-cfa9 = 接続が読み取る環境設定（config var）
the-databases-plan-722a = データベースのプラン
the-databases-postgres-version-c70e = データベースの Postgres のバージョン
follows-and-did-not-51fa = { $follower } が { $database } のフォロワーになっています（以前は違いました）
does-not-follow-any-more-e98e = { $follower } はもう { $database } のフォロワーではありません
is-not-mapped-any-more-7d35 = { $object } はもうマッピングされていません
is-mapped-now-a9cc = { $object } がマッピングされました
the-default-credential-6f6b = デフォルトのクレデンシャル
is-attached-now-f9b3 = { $name } が新たにアタッチされています（{ $through }）
goes-through-now-and-went-through-4436 = { $name } は現在 { $through } を通しており、以前は { $through_2 } を通していました
is-not-attached-any-more-ec65 = { $name } はもうアタッチされていません
on-b8d3 = オン
off-b4dc = オフ
maintenance-mode-of-is-now-and-is-left-8626 = { $name } のメンテナンスモードは現在 { $now } で、最後もそのままにします
runs-now-and-not-that-is-what-it-6607 = { $name } が現在動かしているのは { $spoken } で、{ $spoken_2 } ではありません：最後には現在の構成に戻します
has-a-release-phase-now-it-runs-at-2974 = { $name } に新たにリリースフェーズがあります：アタッチメントのたびに動きます
everything-is-as-it-was-when-the-plan-bd0a = すべて計画の作成時のままです
changed-since-the-plan-was-made-81b7 = 計画の作成後の変化：{ $taken }
the-state-has-changed-since-this-plan-was-d80f = この計画の作成後に状態が変わりました：{ $all }。計画のどのステップもこの変化に対応していません。そのようなアプリは静止しないか旧データベースに残り、マッピングされていないオブジェクトは最後まで同期されません。
if-that-is-meant-to-stay-make-a-ced9 = この変化を残すのであれば、計画を立て直してください：`hcops abort`、続いて `{ $again }`。残さないのであれば、変化を元に戻してから実行を再開してください。

## crates/actions/src/catalogue.rs

the-catalogue-of-actions-sends-nothing-1a16 = 操作のカタログは何も送信しません

## crates/actions/src/connect/authorization/authorized.rs

its-time-4de5 = ログインの時刻
the-connections-state-527a = 接続の状態
a-persons-word-0620 = 人の証言
waits-for-a-person-to-log-in-to-c3fb = { $name } は、人が Salesforce にログインするのを待っています。
nobody-has-logged-in-to-salesforce-for-yet-9677 = { $name } のために Salesforce にログインした人は、まだいません。
the-login-of-before-is-still-the-one-7529 = 有効なのは、まだ以前のログインです。ログインしてから、もう一度 yes と答えてください。
does-not-show-the-new-login-yet-yes-4eb8 = { $name } にはまだ新しいログインが現れていません（{ $state }）；回答は `yes` でした
log-in-as-the-user-that-the-connection-5f78 = 接続の実行ユーザーとして、同期している組織にログインし、Heroku Connect を許可してください。終わったら yes と答えてください。

## crates/actions/src/connect/authorization/before.rs

is-as-login-of-d452 = { $name } は { $state }、ユーザーは { $username }、ログインは { $updated } です
a-user-that-is-not-shown-c3a9 = 不明（表示なし）
a-time-that-is-not-shown-03ba = 不明（表示なし）

## crates/actions/src/connect/backlog.rs

rows-bc51 = 行
rows-a-second-about-s-left-cf1b = ；毎秒 { $drained_per_second } 行、残り約 { $seconds } 秒
it-does-not-shrink-7d66 = ；減っていません
the-oldest-s-old-845c = 、最も古いものは { $seconds } 秒前
rejected-by-salesforce-a450 = 、Salesforce に拒否されたもの { $failed } 件
the-trigger-log-of-has-bfda = { $schema } のトリガーログ：{ $open }{ $oldest }{ $failed }
open-row-e823 = 未処理 { $count } 行
open-rows-87a0 = 未処理 { $count } 行

## crates/actions/src/connect/baseline.rs

write-error-ab99 = 書き込みエラー { $count } 件
write-errors-0e36 = 書き込みエラー { $count } 件
notification-bc4b = 通知 { $count } 件
notifications-7d52 = 通知 { $count } 件
and-in-the-trigger-log-bea0 = { $errors }、{ $notifications }、トリガーログに { $open }
and-no-trigger-log-looked-at-b98c = { $errors }、{ $notifications }、トリガーログは確認していません
how-the-former-database-is-cannot-be-noted-5e20 = 以前のデータベースの状態を記録できません：{ $error }
it-shows-afterwards-whether-somebody-still-writes-to-5dab = まだ誰かがそこに書き込んでいるかどうかを、後で示すものです。
report-this-as-a-defect-of-hcops-3723 = hcops の不具合として報告してください。

## crates/actions/src/connect/built_on.rs

on-with-yes-it-is-acknowledged-that-the-eb85 = { $place } の上に{ $found }が{ $value }。yes と答えると、変更に伴ってそれらが失われるか、それらのせいで変更が失敗するおそれがあることを了承したことになります。定義は実行の証拠に保存されます。
object-5e44 = オブジェクト { $count } 個
objects-7aec = オブジェクト { $count } 個
is-built-72ce = 作られています
are-built-26b8 = 作られています
what-is-built-on-was-not-acknowledged-23ef = { $place } の上に作られているものについて、了承が得られませんでした。
drop-what-blocks-the-change-by-sql-or-6a3a = 変更の妨げになるものを SQL で削除するか、別の列に移してから、再試行してください。
that-there-before-missing-make-them-again-by-b7f9 = 以前あった{ $value } { $missing }が、今はありません{ $value_2 }。SQL で作り直してから再試行してください。yes と答えると、それらを放棄します。
was-b63b = { "" }
were-910a = { "" }
is-fa51 = { "" }
are-ba78 = { "" }
missing-on-5ff0 = { $place } にありません：{ $names }。
make-them-again-by-sql-their-definitions-are-613d = SQL で作り直してから（定義は実行の証拠にあります）、再試行してください。
nothing-was-built-by-sql-on-f66b = { $place } の上に SQL で作られたものはありません
on-118f = { $place } の上に{ $some }：{ $names }
given-up-bb55 = ；放棄したもの：{ $names }
mentions-it-by-name-and-fails-while-it-546b = 名前で参照しており、ない間は失敗します
keeps-the-column-from-being-dropped-or-is-eaba = 列の削除を妨げるか、列と一緒に削除されます
is-dropped-with-the-column-5514 = 列と一緒に削除されます
on-f6b0 = { $table } の { $kind } { $name }：{ $fate }
its-definition-is-not-known-1758 = 定義は不明です
on-2ca2 = { $table } の { $kind } { $name }：{ $split_whitespace }

## crates/actions/src/connect/condition.rs

is-waiting-for-idle-when-it-stays-so-35c6 = { $name } は { $state }、{ $pending_spoken }；IDLE になるのを待っています。この状態が続く場合、理由はログで分かります：`heroku logs -d herokuconnect -a { $app }`
is-which-goes-over-by-itself-89bd = { $name } は { $state } ですが、ひとりでに収まります
is-6854 = { $name } は { $state } です：{ $meaning }。
has-the-state-which-hcops-does-not-know-cb95 = { $name } の状態「{ $state }」は、hcops の知らないものです。
what-is-the-connection-doing-its-page-in-be3b = 接続は何をしていますか？ ダッシュボードの接続のページで分かります：`{ $opened_by }`
authorize-it-again-heroku-connect-sf-auth-wait-85f3 = もう一度認可し（`heroku connect:sf:auth { $options }`）、IDLE になるのを待って再試行してください。
resume-it-heroku-connect-resume-wait-for-idle-0dce = 同期を再開し（`heroku connect:resume { $options }`）、IDLE になるのを待って再試行してください
it-is-not-configured-yet-804b = まだ設定されていません
set-its-database-heroku-connect-db-set-authorize-0a47 = データベースを設定し（`heroku connect:db:set { $options }`）、認可して、先に一度同期させてください。
it-waits-for-the-salesforce-login-aa80 = Salesforce へのログインを待っています
salesforce-does-not-accept-its-login-any-more-716b = Salesforce がこの接続のログインを受け付けなくなりました
an-unforeseen-fault-has-stopped-sync-c768 = 想定外の障害で同期が止まりました
read-its-log-where-that-does-not-help-7a94 = ログを読み、{ $resume }。それで解決しなければ、Heroku サポートに問い合わせてください。
it-cannot-reach-its-database-6f76 = データベースに到達できません
look-at-the-database-heroku-pg-info-then-ed62 = データベースを確認し（`heroku pg:info`）、それから{ $resume }。
it-holds-more-rows-than-its-plan-allows-3c3e = 行数がプランの上限を超えています
take-a-larger-plan-or-map-fewer-objects-5fb4 = プランを上げるか、マッピングするオブジェクトを減らし、IDLE になるのを待って再試行してください。
it-may-not-reach-its-database-any-more-0863 = Heroku 側で、データベースへのアクセスが許可されなくなりました
open-it-as-an-owner-of-the-app-ba0e = アプリの所有者として開き（`{ $opened_by }`）、認可してから再試行してください。
its-salesforce-organisation-is-inactive-21d3 = Salesforce の組織が無効になっています
have-the-organisation-reactivated-by-salesforce-then-aut-8ab5 = Salesforce に組織を再び有効にしてもらい、その後もう一度接続を認可してください。
sync-has-been-stopped-5e1b = 同期が停止されました
only-herokus-support-can-bring-it-back-it-c4b6 = 復帰できるのは Heroku サポートだけです。一時停止の状態で戻るので、その後に再開します。

## crates/actions/src/connect/db_is.rs

is-but-still-shows-c397 = { $url_var } は { $database } ですが、{ $name } はまだ { $other } を示しています
has-no-database-yet-f186 = { $name } にはまだデータベースがありません。
set-one-heroku-connect-db-set-fbad = 設定してください：`heroku connect:db:set { $options }`。
uses-when-the-plan-was-made-it-used-0abd = { $name } は { $db_key } を使っていますが、計画を立てたときは { $wanted } でした。
somebody-has-changed-its-database-setting-plan-again-9ead = 誰かがデータベースの設定を変更しています。計画を立て直すか、設定を戻してください：`heroku connect:db:set --db { $wanted } { $options }`。
uses-but-no-attachment-of-supplies-that-config-4c69 = { $name } は { $db_key } を使っていますが、その環境設定（config var）を提供するアタッチメントが { $app } にありません。手動で設定されたか、なくなっています。
it-would-not-move-with-the-database-attach-84b7 = このままではデータベースと一緒に切り替わりません。変数を削除した後、その名前でデータベースをアタッチし（`heroku addons:attach { $database } --as { $trim_end_matches } -a { $app }`）、計画を立て直してください。
uses-which-means-and-not-2030 = { $name } が使う { $db_key } は、{ $database } ではなく { $found } を指しています。
sync-must-not-run-on-a-database-that-9da7 = 現行でないデータベースの上で同期を動かしてはいけません。`heroku addons -a { $app }` を確認し、本来 { $database } であるべきなら、それを { $trim_end_matches } としてアタッチしてください（`heroku addons:attach { $database } --as { $trim_end_matches } -a { $app } --confirm { $app }`）。

## crates/actions/src/connect/drained.rs

collected-writes-9180 = たまっていた書き込み
is-not-in-sync-yet-67fc = { $name } は { $state } です；まだ同期していないもの：{ $unsynced }
still-shows-paused-where-somebody-paused-it-again-5acb = { $name } はまだ PAUSED のままです；誰かが再び一時停止したのであれば、`hcops run sync-resume` か `heroku connect:resume { $options }` で再開します
row-3c57 = { $count } 行
rows-ad25 = { $count } 行
is-idle-that-had-been-captured-before-are-a89f = { $name } は IDLE です；以前に捕捉された { $open } が、まだトリガーログに未処理で残っています
is-idle-of-that-had-collected-at-least-1bc4 = { $name } は IDLE です；たまっていた{ $collected }のうち少なくとも { $sent } 件は送信済み、{ $pending_spoken }
write-0990 = 書き込み { $count } 件
writes-0390 = 書き込み { $count } 件
of-that-had-collected-at-least-are-sent-3526 = たまっていた{ $collected }のうち、少なくとも { $sent } 件は送信済み
how-many-writes-had-collected-is-not-shown-b968 = たまっていた書き込みの件数は表示されていません
nothing-of-what-had-been-captured-before-is-ff77 = 以前に捕捉されたものは、トリガーログに未処理で残っていません
the-trigger-log-was-not-looked-at-f9d7 = トリガーログは確認していません
in-sync-no-new-write-error-37b3 = { $mappings }が同期済み；{ $sent }；{ $log }；新しい書き込みエラーなし
mapping-35e3 = マッピング { $count } 個
mappings-f198 = マッピング { $count } 個
mappings-4f16 = マッピング
of-since-this-run-began-456e = この実行が始まってから、{ $name } に{ $new }が出ています：{ $some }。
new-write-error-6390 = 新しい書き込みエラー { $count } 件
new-write-errors-b820 = 新しい書き込みエラー { $count } 件
heroku-connect-write-errors-shows-all-of-them-f724 = すべて見るには `heroku connect:write-errors { $options }` を使います。別の原因によるものであれば、それを理由としてこのステップを飛ばしてください。拒否された書き込みが自動で再送されることはありません。

## crates/actions/src/connect/fields/change.rs

is-in-salesforce-and-its-column-4d78 = { $object }.{ $field } は Salesforce で { $salesforce }、列は { $column }
not-shown-0bed = 表示なし
was-not-looked-at-e395 = 未確認
what-has-changed-is-not-seen-from-here-7d7b = 何が変わったかは、ここからは見えません
the-column-is-what-the-field-is-81a7 = 列は項目のとおりです
the-field-has-become-longer-8fbd = 項目は長くなっています
the-field-has-become-shorter-fb42 = 項目は短くなっています
the-field-has-another-type-7c58 = 項目の型が変わっています
kind-says-8f6f = { $seen }；--kind の指定は { $word }
longer-7383 = longer
shorter-1360 = shorter
type-1303 = type
heroku-connect-plugin-pull-request-292-2026-05-9288 = heroku-connect-plugin のプルリクエスト 292、2026-05-22
the-dev-center-article-of-2022-6819 = 2022 年の Dev Center の記事
nothing-is-left-to-do-about-its-type-f70c = 型と長さについては、もう行うことがありません。ほかに変わったものがある場合：{ $other }。
a-longer-field-needs-nothing-or-the-method-9e32 = 長くなった項目は、何もしなくてよいか、方式 simple で済みます。短くなった項目と型が変わった項目には、方式 complex が必要です（{ $staff }）。{ $article }では、短くなった項目も simple とされています。どれに当たるかを --kind longer、shorter、type のいずれかで指定してください。
nothing-need-be-done-connect-alters-the-column-71a2 = 何もする必要はありません。Connect は次の同期でカラムを変更します（{ $staff }）。{ $article }ではマッピングを保存します。この計画もそうしますが、害はありません。
for-that-the-method-simple-is-enough-and-5ea0 = それには方式 simple で十分です。この計画の方式では列が削除されます。Connect は次の同期で（{ $staff }）、またはマッピングの保存時に（{ $article }）列を変更します。{ $other }
the-dev-center-article-of-2022-has-the-e527 = 2022 年の Dev Center の記事では、この計画と同じくマッピングを保存します。
the-dev-center-article-of-2022-says-the-68ed = 2022 年の Dev Center の記事も同じ説明です。
for-that-the-field-has-to-be-taken-968c = そのためには、この計画のとおり、項目をマッピングから外して入れ直す必要があります（{ $staff }）。{ $article }ではマッピングを保存するだけで、カラムが元のまま残ることがあります：{ $other }。
for-that-the-field-is-taken-out-of-8bec = それには、この計画と同じく、項目をマッピングから外して入れ直します（{ $staff }；{ $article }）。

## crates/actions/src/connect/fields/column.rs

there-is-no-column-in-9c0a = { $database } に列 { $place } がありません。
the-field-is-mapped-so-its-column-should-f53f = 項目はマッピングされているので、列があるはずです。マッピングが DATA_SYNCED になるのを待って再試行してください。
is-not-there-yet-9ac7 = { $place } はまだありません
is-with-in-3d32 = { $place } は { $kind } で、{ $rows }に{ $values }があります
value-bd43 = 値 { $count } 個
values-f006 = 値 { $count } 個
of-an-unknown-type-f516 = 不明な型
before-it-was-with-cc77 = { $now }；以前は { $kind_before } で、{ $before }でした
values-are-missing-bd38 = 値が足りません：{ $told }。
where-they-are-still-on-their-way-retry-e255 = まだ届いていないだけなら、後で再試行してください。そうでなければ Salesforce と比べ、{ $object } を読み込み直してください。Salesforce 自体の値が減っているのなら、それを理由としてこのステップを飛ばしてください。
is-as-before-and-salesforce-has-as-3265 = { $place } は以前と同じ { $kind } で、Salesforce の { $object }.{ $field } は { $defined_as } です
the-type-is-the-one-of-before-and-dd7b = { $told }。型は以前のままで、Salesforce でのこの項目の型は示されていません。
the-column-should-be-after-the-change-9a86 = 変更後、列 { $place } は { $kind } でなければなりません。
is-in-salesforce-and-its-column-the-mapping-4fe5 = { $object }.{ $field } は Salesforce では { $defined_as }、その列は { $kind } です。それでもマッピングを保存するだけで、列はそのまま残る可能性があります。
and-salesforce-has-the-field-as-the-method-4ba8 = { $now }。Salesforce ではこの項目は { $defined_as } です。その場合は方法 complex を提案します。
salesforce-has-the-field-as-and-saving-the-789f = { $now }。Salesforce ではこの項目は { $defined_as } で、マッピングの保存だけでは足りません。
turn-this-run-back-with-hcops-abort-and-a445 = `hcops abort` でこの実行を元に戻し、別の方法で計画を立ててください：`{ $otherwise }`。
salesforce-has-as-connect-has-left-the-column-08ff = { $told }。Salesforce の { $object }.{ $field } は { $defined_as } で、Connect は列を長いままにしています。
a-longer-column-does-no-harm-to-what-9f17 = 列が長くても、入っている値に害はありません。列を短くする必要がある場合は、項目をマッピングから外して入れ直します：`{ $otherwise }`。そうでなければ、それを理由としてこのステップを飛ばしてください。
salesforce-has-as-which-is-another-type-42ea = { $told }。Salesforce の { $object }.{ $field } は { $defined_as } で、型が違います。
the-mapping-was-saved-and-its-column-is-a7c6 = マッピングは保存されましたが、その列が項目と合っていません。マッピングのページと接続のログ（`heroku logs -d herokuconnect`）を確認してください。そのうえで { $object } のマッピングをもう一度保存するか、方式 `complex` を実行してください。

## crates/actions/src/connect/fields/field.rs

is-in-salesforce-e8f6 = { $object }.{ $field } は Salesforce では { $kind } です
the-mapping-of-is-ef43 = { $name } のマッピング { $object_name } は { $state } です。
mend-it-first-its-page-says-why-it-f8ff = 先に直してください。理由はマッピングのページ（`{ $opened_by }`）で分かります。
the-mapping-is-which-goes-over-by-itself-7f1c = マッピング { $object_name } は { $state } ですが、ひとりでに収まります
is-not-mapped-mapped-are-3a2a = { $object }.{ $field } はマッピングされていません。マッピングされているのは { $mapped } です。
name-a-mapped-field-with-field-0353 = マッピングされている項目を --field で指定してください。
did-you-mean-field-names-are-compared-letter-5087 = --field { $near } のことですか？ 名前は 1 文字ずつ厳密に比べられます。
cant-be-taken-out-of-the-mapping-the-1c94 = { $object }.{ $field } はマッピングから外せません。マッピングの動作に必要な項目です。
ask-herokus-support-how-this-change-is-to-6ae0 = この変更の進め方を Heroku サポートに問い合わせてください。接続の再作成が必要になるかもしれません。
does-not-map-it-maps-8589 = { $name } は { $object } をマッピングしていません。マッピングしているのは { $mapped } です。
name-a-mapped-object-with-object-352c = マッピングされているオブジェクトを --object で指定してください。
the-configuration-of-is-shown-without-its-revision-2d5d = { $object_name } の設定にリビジョンが表示されていません。
without-it-somebody-elses-change-could-be-lost-3e5d = リビジョンがないと、ほかの人の変更を失うおそれがあります。マッピングはそのページで変更してください：`{ $opened_by }`。
salesforce-does-not-list-any-more-f771 = { $object }.{ $field } は、もう Salesforce の一覧にありません。
the-field-was-removed-or-renamed-or-the-01f3 = 項目が削除されたか、名前が変わったか、接続のユーザーに見えなくなっています。マッピングから外すか、ユーザーにアクセス権を与えてください。この手順は、まだ存在する項目のためのものです。
what-is-in-salesforce-now-is-not-shown-b1f5 = Salesforce で { $object }.{ $field } が今どうなっているかは、ここには表示されていません。
say-for-the-record-what-has-changed-change-48b0 = 何が変わったかを、記録のために指定してください：--change 'length 80 to 120'。

## crates/actions/src/connect/fields/mapping_synced.rs

does-not-map-any-more-e27d = { $name } はもう { $object } をマッピングしていません。
somebody-has-removed-the-mapping-its-configuration-is-c088 = 誰かがマッピングを削除しています。その設定は実行の証拠にあります。
is-d654 = { $object_name } は { $state } です
is-in-sync-rows-before-now-in-salesforce-2aa5 = { $object_name } は同期済みです；行数：以前 { $shown }、現在 { $shown_2 }、Salesforce { $shown_3 }
since-the-mapping-was-saved-8acd = マッピングの保存後に{ $new }が出ています。
heroku-connect-write-errors-shows-them-where-they-5ee7 = 見るには `heroku connect:write-errors { $options }` を使います。この項目と関係がなければ、それを理由としてこのステップを飛ばしてください。拒否された書き込みが自動で再送されることはありません。

## crates/actions/src/connect/fields/mapping_unchanged.rs

the-mapping-has-revision-instead-of-somebody-has-4b33 = マッピング { $object_name } のリビジョンが { $revision_2 } ではなく { $revision } です。誰かが保存しています。
saving-now-would-take-their-change-back-find-ab8d = 今保存すると、その人の変更を取り消してしまいます。誰かを調べてから、計画を立て直してください。

## crates/actions/src/connect/fields/save_mapping.rs

has-the-mapping-been-saved-its-page-in-c853 = マッピングは保存されましたか？ ダッシュボードのマッピングのページで分かります。
the-mapping-was-saved-34ff = マッピングを保存しました（{ $status }）
the-mappings-configuration-that-was-read-before-cant-0dc5 = 先に読み込んだマッピングの設定を解釈できません：{ $error }
it-is-what-would-be-saved-f293 = 保存するはずの内容です。
please-report-this-as-a-defect-of-hcops-e99a = 実行の報告書を添えて、hcops の不具合として報告してください。
was-saved-and-is-now-85be = { $object } を保存しましたが、現在は { $state } です。
something-that-was-built-on-the-column-by-474b = SQL で列の上に作られたものが、列の変更を妨げている可能性があります。理由はマッピングのページと接続のログ（`heroku logs -d herokuconnect`）で分かります。直してから再試行してください。
does-the-mapping-sync-a62b = マッピング { $object } は同期していますか？
save-the-mapping-without-connect-drops-the-column-f6e2 = マッピング { $object_name } を { $field } なしで保存する：Connect は列を、その値と、その上に作られたものすべてとともに削除する
save-the-mapping-connect-changes-its-table-to-8d1c = マッピング { $object_name } を保存する：Connect はテーブルを今の Salesforce に合わせて変更する
the-mapping-has-revision-instead-of-and-is-9918 = マッピング { $object_name } のリビジョンが { $revision_2 } ではなく { $revision } で、内容もこのステップが保存するものと違います。ほかの誰かが保存しています。
nothing-is-overwritten-find-out-who-changed-what-46b5 = 何も上書きしていません。誰が何を変更したかを調べ（マッピングのページで分かります）、計画を立て直してください。

## crates/actions/src/connect/healthy.rs

had-mapped-when-the-plan-was-made-and-8fc9 = { $name } は計画の作成時に { $gone } をマッピングしていましたが、今はしていません。
is-loading-tables-8214 = { $name } はテーブルを読み込んでいます：{ $loading }
is-paused-already-it-cannot-be-seen-whether-e840 = { $name } はすでに PAUSED です。同期できる状態かどうかを確認できません。
find-out-who-paused-it-and-why-where-7e07 = 誰が、なぜ一時停止したのかを確かめてください。別の実行によるものなら `hcops runs` に表示されます。その実行を再開するか中止して戻してください。そうでなければ再開し（`heroku connect:resume { $options }`）、マッピングが DATA_SYNCED になるまで待ってから、もう一度試してください。

## crates/actions/src/connect/importable.rs

is-paused-and-an-import-needs-an-idle-8c7b = { $name } は PAUSED です。インポートするには、接続が IDLE でなければなりません。
resume-it-hcops-connect-resume-and-retry-2fb1 = 同期を再開し（`hcops connect resume`）、再試行してください。
and-more-714f = ；ほかに { $more } 件
the-document-is-no-configuration-that-could-be-0643 = このファイルはインポートできる設定ではありません：{ $faults }{ $rest }。
take-a-file-that-hcops-connect-export-o-86fb = `hcops connect export -o FILE` か `heroku connect:export` が書き出したファイルを使ってください。

## crates/actions/src/connect/maintenance_clear.rs

the-times-of-planned-maintenance-could-not-be-bc43 = 予定されたメンテナンスの日時を読み取れませんでした：{ $fault }
an-unknown-time-6857 = 不明な日時
heroku-has-announced-from-to-within-the-next-6056 = Heroku が「{ $title }」を { $time } から { $time_2 } まで予告しています。今から { $minutes }以内に当たります。
minute-e472 = { $count } 分
minutes-cebf = { $count } 分
while-it-lasts-what-it-is-about-may-0460 = その間、対象のものは何も応答しないことがあります。アプリはスケールも設定もできず、Connect は一時停止も再開もできません。利用者が日時を動かすことはできません。終わってから始めてください。日時は `hcops windows` と https://status.heroku.com で分かります。
herokus-status-site-could-not-be-read-0611 = Heroku のステータスサイトを読み取れませんでした：{ $fault }
planned-without-a-time-that-can-be-read-c956 = 予定されていますが、日時を読み取れません：{ $name }

## crates/actions/src/connect/maintenance_over.rs

has-been-going-on-since-e107 = から継続中
until-or-so-meanwhile-sync-rests-and-changes-39aa = 「{ $title }」：{ $starts } { $standing }、{ $ends } ごろまで；その間、同期は止まり、変更は保持されます

## crates/actions/src/connect/mappings.rs

pending-00de = 未送信の{ $pending }
pending-writes-not-shown-3555 = 未送信の書き込みは表示なし
where-nobody-meant-it-map-it-again-on-b656 = 意図したことでなければ、接続のページ（`{ $opened_by }`）で再びマッピングしてから、もう一度試してください。その後 Connect が読み込んだものは、以前と同じくテーブルに入ります。
mappings-of-are-broken-917e = { $name } に壊れているマッピングがあります：{ $broken }。
heroku-connect-diagnose-and-the-mappings-page-say-a3ff = 理由は `heroku connect:diagnose { $options }` とマッピングのページ（`{ $opened_by }`）で分かります。直して、DATA_SYNCED になるのを待ってから再試行してください。
mappings-of-have-states-that-hcops-does-not-f281 = { $name } に、hcops の知らない状態のマッピングがあります：{ $unknown }。
do-these-mappings-sync-heroku-connect-state-json-eb8c = これらのマッピングは同期していますか？（`heroku connect:state --json { $options }`）

## crates/actions/src/connect/noted.rs

is-in-24-hours-61ca = { $name } は { $state }、{ $pending_spoken }、24 時間に{ $errors }；{ $spoken }
it-was-not-to-be-f046 = 確認しない指定のため
the-trigger-log-cannot-be-read-now-d5b9 = 今はトリガーログを読み取れません：{ $trim_end_matches }
its-trigger-log-has-28af = トリガーログ：{ $open }{ $oldest }{ $failed }
its-trigger-log-was-not-looked-at-fca0 = トリガーログは確認していません（{ $trim_end_matches }）

## crates/actions/src/connect/pause.rs

pause-sync-on-changes-collect-in-the-trigger-2efb = { $name } の同期を一時停止する：変更はトリガーログと Salesforce にたまる
the-pause-was-accepted-f6fd = 一時停止の要求が受け付けられました（{ $status }）

## crates/actions/src/connect/paused.rs

is-not-paused-sync-runs-8b93 = { $name } は PAUSED ではなく { $state } です。同期が動いています。
somebody-has-resumed-it-a-colleague-in-the-2b12 = 誰かが同期を再開しています。ダッシュボードで操作した同僚か、別の実行です。誰かを調べ、IDLE のときにもう一度一時停止してください（`heroku connect:pause { $options }`）。その間に書き込まれたものがフォロワーに届いてから、この実行を進める必要があります。

## crates/actions/src/connect/quiet.rs

has-been-for-it-can-be-paused-in-8548 = { $name } は { $shown_for } の間 { $state }、{ $pending_spoken }；一時停止できるのは IDLE のときだけです。この状態が続く場合、理由はログで分かります：`heroku logs -d herokuconnect -a { $app }`

## crates/actions/src/connect/recreation/access.rs

discovery-shows-several-connections-afe6 = 検出結果に { $resource } という接続が複数あります。
which-one-is-it-heroku-connect-info-a-4082 = どれですか？（`heroku connect:info -a { $app }`）
put-this-account-on-the-access-list-of-9db5 = このアカウントを { $app } の接続のアクセスリストに加える
n-1-connection-is-visible-d23a = 接続が 1 個見えています
connections-are-visible-0886 = 接続が { $count } 個見えています

## crates/actions/src/connect/recreation/api_version.rs

does-not-show-its-version-of-the-salesforce-6927 = { $name } には Salesforce API のバージョンが表示されていません。
is-it-heroku-connect-info-372c = { $wanted } ですか？（`heroku connect:info { $options }`）
the-change-to-was-accepted-6994 = { $wanted } への変更が受け付けられました（{ $status }）
which-version-of-the-salesforce-api-should-use-39ce = { $name } が使うべき Salesforce API のバージョンは、以前に表示されていませんでした。
set-the-one-that-was-noted-heroku-connect-fd72 = 記録しておいたバージョンを設定し（`heroku connect:manage-sf-api-version { $options }`）、yes と答えてください。
uses-instead-of-and-is-bfde = { $name } は { $wanted } ではなく { $current } を使っており、{ $state } です。
the-version-can-be-changed-only-while-it-8ed0 = バージョンを変更できるのは、一時停止中だけです：`heroku connect:pause { $options }`。
with-instead-of-data-would-be-lost-e14f = { $current } から { $wanted } に変えると、データが失われます：{ $lossy }。
change-those-mappings-first-or-keep-the-version-0b59 = 先にそれらのマッピングを変更するか、バージョンを変えずに、それを理由としてこのステップを飛ばしてください。
make-use-version-of-the-salesforce-api-instead-a87a = { $name } が使う Salesforce API のバージョンを { $current } から { $wanted } に変更する

## crates/actions/src/connect/recreation/compare.rs

is-not-configured-as-before-with-yes-these-4cc4 = { $name } の設定が以前と違います。yes と答えると、これらの違いは意図したものとして扱われます。
not-meant-146b = 意図しない違い：{ $found }。
set-it-right-on-the-connections-page-and-c1a8 = 接続のページ（`{ $opened_by }`）で正し、再試行してください。
configured-as-before-3eef = { $all }、設定は以前と同じ
difference-e0c9 = 相違 { $count } 件
differences-39f0 = 相違 { $count } 件
taken-as-meant-a38c = { $all }；意図したものとして扱われた{ $some }：{ $differences }

## crates/actions/src/connect/recreation/configure.rs

no-schema-efb3 = スキーマなし
is-set-up-already-with-and-79c4 = { $name } はすでに { $other } と { $schema } で設定されています。
somebody-else-has-set-it-up-set-it-c459 = ほかの誰かが設定しています。正しく設定し（`heroku connect:db:set --db { $db_key } --schema { $schema_name } { $options }`）、再試行してください。
set-the-database-of-to-schema-81e2 = { $name } のデータベースを { $db_key }、スキーマを { $schema_name } に設定する
the-settings-were-accepted-e782 = 設定が受け付けられました（{ $status }）
should-have-the-schema-instead-of-1c9c = { $name } のスキーマは { $schema_name } ではなく { $schema } にします。
has-the-schema-the-plan-says-6511 = { $name } のスキーマは { $schema } ですが、計画では { $schema_name } です。

## crates/actions/src/connect/recreation/create.rs

create-the-add-on-on-it-is-billed-0f89 = { $app } にアドオン { $name }（{ $plan }）を作成する；作成した時点から課金される
heroku-is-provisioning-7b96 = Heroku が { $name } をプロビジョニングしています
the-add-on-is-its-creation-failed-or-7f3c = アドオン { $name } は { $state } です。作成に失敗したか、誰かが削除しました。
heroku-addons-a-shows-when-it-is-gone-01d9 = なくなったことを `heroku addons -a { $app }` で確かめてから、再試行してください。
the-add-on-has-the-state-which-hcops-028c = アドオン { $name } の状態「{ $state }」は、hcops の知らないものです。
is-provisioned-heroku-addons-info-2784 = { $name } のプロビジョニングは済んでいますか？（`heroku addons:info { $name }`）
add-on-is-a046 = アドオン { $name } は { $state } です
it-belongs-to-the-app-72dd = アプリ { $name } のものです
its-plan-is-b6eb = プランは { $name } です
an-add-on-exists-already-but-it-should-fe33 = アドオン { $name } はすでにありますが、条件に合いません（{ $what }）。必要なのは { $app } のプラン { $plan } です。
it-is-not-taken-over-see-what-it-5819 = これを引き継ぐことはしません。何であるかを確認してください（`heroku addons:info { $name }`）。

## crates/actions/src/connect/recreation/destroy.rs

heroku-is-removing-7728 = Heroku が { $resource } を削除しています
is-gone-heroku-addons-info-145f = { $resource } はなくなりましたか？（`heroku addons:info { $resource }`）
destroy-the-add-on-of-the-connection-its-f7f3 = { $app } のアドオン { $resource } を削除する：接続、コラボレーター、監査証跡が消える；Postgres のテーブルは残る
is-another-add-on-now-than-when-the-244b = { $resource } は、計画を立てたときとは別のアドオンになっています（{ $id }）。
somebody-has-made-it-anew-under-the-same-473e = 誰かが同じ名前で作り直しています。計画を立て直してください。

## crates/actions/src/connect/recreation/differences.rs

is-mapped-and-was-not-7d60 = { $object } は以前と違い、マッピングされています
is-mapped-anew-c0eb = { $object } は新たにマッピングされます
was-and-is-7528 = { $what }：以前は { $shown }、現在は { $shown_2 }

## crates/actions/src/connect/recreation/existing_schema.rs

alter-schema-rename-to-63f1 = alter schema { $from } rename to { $to }
or-give-the-connection-another-schema-heroku-connect-3ab3 = { " " }または、接続に別のスキーマを設定し、実行を再開して yes と答えてください：`heroku connect:db:set --db { $db_key } --schema { $another } { $options }`。
where-connect-does-not-take-the-schema-because-5f35 = スキーマがすでにあるために Connect が受け付けない場合は、手動で名前を変更し、実行を再開してください：`{ $renaming }`。テーブルは作り直され、Salesforce から読み込まれます。古いテーブルは新しい名前のスキーマに残ります。{ $value }それ以外の場合：{ $remedy }

## crates/actions/src/connect/recreation/export.rs

the-exported-configuration-of-is-not-whole-b413 = エクスポートした { $name } の設定に欠けがあります：{ $faults }。
what-is-not-in-the-file-is-lost-0f35 = ファイルにないものは、接続とともに失われます。手動でエクスポートして（`heroku connect:export { $options }`）比べてください。そのファイルにも欠けがあれば、Heroku サポートに問い合わせてください。
of-kept-as-in-the-runs-evidence-4d9c = { $name } の{ $objects }（{ $objects_2 }）を、実行の証拠に { $keep_as } として保存しました
it-has-no-mappings-7386 = マッピングがありません
it-maps-twice-d7db = { $object } が 2 回マッピングされています
it-maps-beside-which-is-the-same-object-3cd1 = { $object } が、同じオブジェクトである { $other } とは別にマッピングされています
it-maps-and-the-connection-has-da62 = ファイルがマッピングするのは { $object } ですが、接続にあるのは { $known } です
its-version-is-and-is-known-789e = バージョンが { $document } です（対応しているのは { $version }）
the-mapping-is-there-without-its-fields-a13a = マッピング { $object } に項目がありません
the-mapping-is-missing-1b2e = マッピング { $object_name } がありません

## crates/actions/src/connect/recreation/export_unchanged.rs

the-configuration-has-changed-since-it-was-exported-f026 = エクスポートした後に設定が変わっています：{ $changed }。
the-file-would-bring-back-the-older-configuration-4f75 = このファイルを使うと、古い設定に戻ってしまいます。誰が変更したかを調べ、中止して戻してから初めからやり直すか、その変更を元に戻してください。

## crates/actions/src/connect/recreation/features.rs

settings-of-are-not-as-before-set-them-cc2f = { $name } の設定が以前と違います。接続のページで設定してください：`{ $opened_by }`。yes と答えると、残った違いは意図したものとみなします。
set-them-on-the-connections-page-and-retry-5a79 = 接続のページで設定してから、再試行してください：`{ $opened_by }`。
was-on-and-is-off-09c9 = { $name } はオンでしたが、今はオフです
was-off-and-is-on-2996 = { $name } はオフでしたが、今はオンです
its-name-was-and-is-0ceb = 名前は { $was } でしたが、今は { $display_name } です
as-before-7829 = 以前と同じ
taken-as-meant-d8a4 = 意図したものとみなした違い：{ $differences }

## crates/actions/src/connect/recreation/import.rs

the-import-was-accepted-7317 = インポートが受け付けられました（{ $status }）
at-work-7e50 = 処理中
at-rest-ec1a = 静止
nothing-is-said-of-ece6 = { $object }：{ $settings } の指定がありません
connect-has-imported-the-file-into-which-is-d764 = Connect はファイルを { $name } にインポートし、接続は IDLE で全マッピングが同期済みですが、次のものが抜けています：{ $in_short }。
connect-drops-a-field-without-a-word-where-7260 = Salesforce に項目がないか、接続のユーザーから見えない場合、Connect はその項目を何も知らせずに除きます。Salesforce で項目名と権限を確認し、もう一度インポートしてください。または、理由を付けてこのステップをスキップしてください。
import-into-their-tables-are-loaded-from-salesforce-a8bd = { $mappings } を { $name } にインポートする：{ $in_short }。テーブルは Salesforce から読み込まれる
is-paused-and-not-as-the-document-says-a3a0 = { $name } は PAUSED で、文書の内容と違います：{ $in_short }。
an-import-needs-an-idle-connection-resume-it-aa9d = インポートには IDLE の接続が必要です。同期を再開してから、再試行してください。
and-more-00e8 = { $told }、ほか { $more } 件
loads-2118 = { $name } は読み込み中です：{ $unsynced }

## crates/actions/src/connect/recreation/import_notices.rs

is-configured-as-the-file-says-already-nothing-3942 = { $name } の設定は、すでにファイルのとおりです。何も送信されません。
the-file-names-of-would-be-added-changed-f18d = ファイルにある { $name } のマッピング：{ $all }。うち { $added } 個が追加、{ $changed } 個が変更され、{ $kept } 個はそのままです。ファイルにないもの（{ $others }）は残ります。
more-changes-like-these-are-in-the-output-4b11 = 同様の変更がほかに { $untold } 件あり、ファイルを確認するステップの出力（--json）で分かります。
the-file-is-of-the-salesforce-org-and-4857 = ファイルは Salesforce の組織 { $of_file } のもので、{ $name } は { $of_connection } のものです。別の組織のオブジェクトや項目は、そこに存在しないことがあります。
would-lose-their-columns-are-dropped-with-what-c68c = { $object } から { $listed } が失われます。それらの列は、その上に SQL で作られたものごと削除されます。
would-get-1d1e = { $object } に { $listed } が加わります。
the-file-does-not-say-these-settings-which-cde2 = 次の設定は、現在は指定されていますが、ファイルにありません：{ $each }。Connect がそのまま残すかどうかは文書化されていません。ファイルは送信されます。
field-b9c3 = 項目 { $count } 個
fields-64a4 = 項目 { $count } 個
would-be-added-1134 = 追加されるもの：{ $listed }。

## crates/actions/src/connect/recreation/logged_in.rs

is-it-waits-for-a-person-to-log-1bb8 = { $name } は { $state } です。誰かが Salesforce にログインするのを待っています。
without-a-login-nothing-is-synced-log-in-26a0 = ログインしなければ何も同期されません。ログインしてから、もう一度 yes と答えてください。
still-shows-yes-was-answered-2acc = { $name } はまだ { $state } のままです（回答は `yes`）
log-in-as-the-user-that-the-connection-0453 = 同期する組織に、接続に使わせるユーザーでログインし、Heroku Connect を許可してください。終わったら yes と答えてください。

## crates/actions/src/connect/recreation/login_address.rs

ask-for-the-address-of-a-salesforce-login-cbf2 = { $name } の Salesforce ログイン用アドレスを求める
connect-gave-the-address-f286 = Connect がアドレスを返しました（{ $status }）
open-the-salesforce-login-of-the-address-is-e0be = { $name } の Salesforce ログインを開いてください：アドレスは、それを求めたターミナルに表示されます。`heroku connect:sf:auth { $options }` を使うと、別のアドレスを作れます。

## crates/actions/src/connect/recreation/nothing_unsent.rs

more-has-not-reached-salesforce-than-was-acknowledged-a409 = 了承された分より多くの書き込みが Salesforce に届いていません：{ $spoken }。
somebody-has-written-to-a-mapped-table-since-f3ec = その後、誰かがマッピング対象のテーブルに書き込みました。書き込み元を探して止めてください。そのうえで中止して戻し、同期が未処理分を捌くのを待ち、最初からやり直してください。

## crates/actions/src/connect/recreation/recreatable.rs

logs-in-to-salesforce-at-a-domain-of-7b13 = { $resource } は独自ドメインで Salesforce にログインしますが、そのドメインが指定されていません。
name-it-with-domain-for-example-https-acme-06d7 = --domain で指定してください（例：https://acme.my.salesforce.com）。
is-attached-to-as-too-4b32 = { $resource } は { $name } にも { $name_2 } としてアタッチされています。
an-add-on-that-other-apps-have-is-544c = ほかのアプリにもアタッチされたアドオンは、force を指定しなければ削除できません。そのアプリで誰も必要としていなければ、デタッチしてください：`heroku addons:detach { $name } -a { $name_2 }`。
an-add-on-exists-already-on-f58a = アドオン { $new_name } はすでに { $name } にあります。
choose-another-name-for-the-new-connection-new-c665 = 新しい接続に別の名前を選んでください：--new-name。
belongs-to-not-to-0ee1 = { $resource } は { $app } ではなく { $owner } のものです。
an-add-on-is-removed-and-made-anew-6970 = アドオンの削除と再作成は、それを所有するアプリで行います：`hcops plan connection-recreate -a { $owner }`。
has-the-plan-the-new-connection-would-get-cfd1 = { $resource } のプランは { $plan } ですが、新しい接続は { $plan_2 } になります。
the-plan-decides-rows-and-polling-change-the-b057 = 行数とポーリングはプランで決まります。プラン変更が意図したものなら、先にプランを変更してから、計画を立て直してください。

## crates/actions/src/connect/recreation/schema_there.rs

has-the-schema-in-the-same-database-c3da = { $other } が同じデータベースでスキーマ { $schema } を使っています。
each-connection-has-a-schema-of-its-own-8478 = スキーマは接続ごとに別のものが必要です。別のスキーマを選んでください：--schema。
with-1666 = { " " }と{ $tables }
table-9c6e = テーブル { $count } 個
tables-87e3 = テーブル { $count } 個
the-schema-is-in-and-stays-there-when-9749 = { $place } にはスキーマ { $schema }{ $tables } があり、接続を削除しても残ります。その上に新しい接続を設定できるかどうかは、Heroku の文書に書かれていません。先にスキーマの削除か名前の変更を Connect に求められた、という利用者の報告があります（heroku/roadmap の issue 296）。Connect が拒否した場合、手動で名前を変更するまで、実行は削除の後に、すべてを止めたままで停止します：`{ $renaming }`。その後、実行は先へ進み、各テーブルを読み込み直します。これを避けるには、初めから新しい接続に別のスキーマを指定します。その場合、アプリはそのスキーマを読む必要があります：`--schema { $another }`。
there-is-no-schema-in-connect-makes-it-6423 = { $place } にスキーマ { $schema } はなく、Connect が作成します
whether-a-schema-is-in-already-could-not-e0cf = { $place } にスキーマ { $schema } がすでにあるかどうかは、データベースの中を調べていないため分かりません。ある場合、削除の後に Connect が拒否することがあります。

## crates/actions/src/connect/recreation/settings.rs

the-api-does-not-show-all-settings-of-ed1d = API では { $name } の設定の一部が表示されません。
does-not-say-what-the-setting-is-2265 = 「{ $answer }」では設定の内容が分かりません。
read-it-on-the-connections-page-and-answer-19e8 = 接続のページ（`{ $opened_by }`）で設定を読み取り、その内容を答えてください。
which-version-of-the-salesforce-api-does-it-4316 = Salesforce API のどのバージョンを使っていますか？
is-its-write-algorithm-ordered-or-merged-writes-70ea = 書き込みアルゴリズムは、順序付き書き込み（ordered writes）とマージ書き込み（merged writes）のどちらですか？
which-beta-features-are-switched-on-965e = どのベータ機能がオンになっていますか？
salesforce-api-features-on-f18b = Salesforce API { $api_version }；{ $algorithm }；オンの機能：{ $value }{ $told }
told-24bb = ；回答：{ $told }
ordered-writes-55df = 順序付き書き込み（ordered writes）
merged-writes-2687 = マージ書き込み（merged writes）
write-algorithm-not-shown-d284 = 書き込みアルゴリズムは表示なし

## crates/actions/src/connect/recreation/unsent.rs

not-in-sync-yet-7198 = まだ同期していません：{ $unsynced }
to-salesforce-f8cc = { $name }：Salesforce 宛て { $pending_spoken }
what-has-not-reached-salesforce-was-not-acknowledged-50d1 = Salesforce に届いていない書き込みが了承されませんでした。
heroku-connect-write-errors-shows-the-refused-writes-c7ae = `heroku connect:write-errors { $options }` で拒否された書き込みを確認できます。修正するか、もう一度書き込み、未送信の書き込みがなくなるまで待ってから、再試行してください。
not-in-sync-b2cc = 同期していません：{ $unsynced }。
something-has-not-reached-salesforce-or-it-is-6a26 = Salesforce に届いていない書き込みがあるか、未送信の有無が表示されません。yes と答えると了承したものとし、実行の証拠に残します。

## crates/actions/src/connect/recreation/unsent_rows.rs

no-mapping-writes-to-salesforce-76dc = Salesforce に書き込むマッピングなし
in-the-last-24-hours-6256 = { $pending }；直近 24 時間に { $refused }
refused-write-7d39 = 拒否された書き込み { $count } 件
refused-writes-cee9 = 拒否された書き込み { $count } 件

## crates/actions/src/connect/recreation/write_algorithm.rs

before-56fe = { $name }：{ $algorithm }；以前：{ $algorithm_2 }。
set-the-write-algorithm-as-it-was-on-c52b = 接続のページ（`{ $opened_by }`）で書き込みアルゴリズムを以前と同じに設定し、yes と答えてください。
the-write-algorithm-is-not-as-it-was-87f1 = 書き込みアルゴリズムが以前と違います。
changes-that-wait-would-go-out-in-another-952b = このままでは、待っている変更が以前と違うやり方で送られます。設定してから、もう一度 yes と答えてください。
by-a-persons-word-5736 = { $algorithm }（担当者の回答による）
still-shows-2f6a = { $name } はまだ { $algorithm } のままです

## crates/actions/src/connect/reload/budget.rs

reloading-mappings-of-reads-every-record-of-their-d238 = { $name } のマッピングを再読み込みすると、対象オブジェクトの全レコードが読み込まれます。
the-organisations-api-calls-do-not-last-for-d30a = 組織の API 呼び出しの残りが、再読み込みには足りません。
they-are-counted-over-24-hours-wait-until-5269 = API 呼び出しは 24 時間で数えられます。十分に空くまで待つか、上限を引き上げてもらってから、再試行してください。
records-8f21 = { $object_name }：レコード数 { $in_salesforce }{ $value }{ $limit }
an-unknown-number-of-056b = 不明
in-bulk-25f6 = 、一括読み込み
at-most-api-calls-a-day-36cd = 、API 呼び出しは 1 日最大 { $limit } 回
the-organisation-has-enough-api-calls-left-for-f095 = 組織には、ほかの利用分を除いても、本日この作業に使える API 呼び出しが十分に残っています（Salesforce の［設定］→［システムの概要］→［API の使用状況］）。
n-1-mapping-does-not-show-its-e5f2 = ；マッピング 1 個は件数が表示されません
mappings-do-not-show-theirs-81cf = ；マッピング { $unknown } 個は件数が表示されません
of-are-read-of-them-in-bulk-how-1ccd = { $mappings }（うち一括読み込み { $bulk } 個）の{ $records }を読み込みます{ $missing }；それに何回の API 呼び出しが必要かは公表されていません
record-de39 = レコード { $count } 件
records-f75d = レコード { $count } 件

## crates/actions/src/connect/reload/counts.rs

now-056b = 以前は { $shown }、現在は{ " " }
in-salesforce-9157 = { $object_name } { $before }{ $shown }（Salesforce では { $shown_2 }）
before-6db7 = 前
after-f395 = 後

## crates/actions/src/connect/reload/losses.rs

what-is-lost-was-not-acknowledged-680f = 失われるものが了承されませんでした。
the-ids-are-in-the-runs-evidence-save-8754 = ID は実行の証拠にあります。必要なものを { $old } から退避してから再試行するか、`hcops abort` で中止して戻してください。
captured-change-6b57 = 捕捉された変更 { $count } 件
captured-changes-721a = 捕捉された変更 { $count } 件
only-in-of-14e5 = { $old } だけにあるもの：{ $schema }.{ $table } の { $rows }（{ $state }）
without-a-salesforce-id-in-cleared-by-the-bfc9 = { $new } で Salesforce ID がなく、再読み込みで消えるもの：{ $table } の { $rows }
with-as-it-was-at-this-is-lost-0523 = { $moment } 時点の { $new } を使うと、次のものが失われます：{ $spoken }。yes と答えると了承したものとし、行の ID を実行の証拠に残します。{ $old } は中身ごと残ります。
its-newest-one-is-of-utc-e8ea = （その最新は { $at } UTC）
since-what-the-database-of-the-past-holds-1e59 = 過去のデータベースが持つ内容{ $until }より後の { $missing }、および Salesforce ID のない { $rows }
is-no-past-of-its-newest-captured-change-950c = { $new } は { $old } の過去の状態ではありません。{ $new } で最後に捕捉された変更（id { $id }、{ $at } UTC）が、{ $old } に同じ形では存在しません。
without-a-time-6384 = 時刻なし
somebody-has-written-to-it-since-it-was-4618 = 作成後に誰かが書き込んだか、別のデータベースから作られたものです。ロールバック用データベースを新しく作る（--take create）か、正しいものを指定してください。

## crates/actions/src/connect/reload/mapping.rs

the-mapping-is-not-there-any-more-1ccb = マッピング { $mapping } はもうありません。
somebody-has-removed-it-what-is-not-mapped-22b3 = 誰かが削除しました。マッピングされていないものに再読み込みは不要です。計画を立て直してください。
does-the-mapping-load-a9ff = マッピング { $object_name } は読み込み中ですか？
the-reload-was-accepted-5de8 = 再読み込みが受け付けられました（{ $status }）
the-reload-of-was-accepted-and-the-table-9892 = { $object_name } の再読み込みは受け付けられましたが、テーブルの読み込みは観測されませんでした。実行されなかったか、2 回の観測の間に終わっています。
was-loaded-again-its-log-heroku-logs-d-4df3 = { $object_name } は読み込み直されましたか？ログ（`heroku logs -d herokuconnect`）とダッシュボードのページで分かります。読み込み直されていなければ、新しい実行で再読み込みします。
waits-for-its-turn-9c42 = { $object_name } は順番を待っています：{ $busy }
reload-its-table-is-cleared-and-loaded-from-9118 = { $object_name } を再読み込みする：テーブルは空にされ、Salesforce から読み込み直される。Salesforce ID のない行は失われる
is-4e09 = { $object_name } は { $state } です。
a-foreign-key-or-view-on-the-table-facb = テーブルへの外部キーやビューがあると空にできないことがあり、Salesforce が読み込みを拒否することもあります。原因は接続のログ（`heroku logs -d herokuconnect`）にあります。原因を取り除き、マッピングを手動で再読み込みして、手動で行ったと答えてください。
was-loaded-again-a3c5 = { $object_name } を再び読み込みました
is-not-loaded-while-the-connection-is-paused-c69f = 接続の一時停止中、{ $object_name } は読み込まれません：同期の再開後に読み込みます

## crates/actions/src/connect/reload/mark_sent.rs

no-change-that-was-sent-from-is-open-0664 = { $old } から送信された変更で、{ $new } で未処理のものはもうありません；この実行で印を付けたもの { $marked } 件
change-8529 = 変更 { $count } 件
changes-a7e3 = 変更 { $count } 件
marked-ignore-8d4d = { $marked }に IGNORE の印を付けました
mark-of-in-the-trigger-log-of-as-f75b = { $new } のトリガーログで、{ $schema }.{ $table }（{ $action }）の{ $rows }に IGNORE の印を付ける：Salesforce には { $old } から届いている

## crates/actions/src/connect/repoint.rs

make-use-instead-of-f48d = { $name } が使うデータベースを { $from } から { $db_key }（{ $database }）に変える
the-database-setting-was-accepted-e9cf = データベース設定 { $db_key } が受け付けられました（{ $status }）
uses-but-still-shows-fe9c = { $name } は { $db_key } を使っていますが、まだ { $other } を示しています
uses-when-the-plan-was-made-it-used-1620 = { $name } は「{ $db_key }」を使っています。計画を立てたときは { $from } でした。
somebody-has-changed-its-database-setting-find-out-aad6 = 誰かがデータベース設定を変更しました。理由を調べてから設定し（`heroku connect:db:set --db { $db_key } { $options }`）、再試行してください。
of-does-not-mean-5f6d = { $app } の { $db_key } は { $database } を指していません。
the-connection-can-only-use-a-database-that-c9f8 = 接続が使えるのは、接続のアプリにアタッチされたデータベースだけです：`heroku addons:attach { $database } --as { $trim_end_matches } -a { $app }`。

## crates/actions/src/connect/resume.rs

resume-sync-on-both-sides-catch-up-on-3319 = { $name } の同期を再開する：溜まった分に双方が追いつく
the-resumption-was-accepted-2bd1 = 同期の再開が受け付けられました（{ $status }）
is-looked-at-again-since-a-pause-may-bf88 = { $name } は { $state } です。受け付けられた一時停止がこれから効く場合があるため、もう一度確認します
has-the-state-which-hcops-does-not-know-442a = { $name } の状態「{ $state }」は、hcops の知らないものです
the-resumption-was-accepted-96f0 = { $told }；同期の再開が受け付けられました
sync-of-is-to-be-resumed-although-its-78b6 = { $name } の状態は「{ $state }」ですが、それでも同期を再開します。
its-page-says-what-it-is-doing-with-5f8c = { $told }。何をしているかは、接続のページで確認できます：`{ $opened_by }`。yes と答えると再開を要求し、判断は Connect に任せます。
and-nobody-wants-it-resumed-like-this-b1e8 = { $told }。このまま再開することは、了承が得られませんでした。
wait-until-its-state-is-a-known-one-0657 = 既知の状態になるまで待つか、Heroku サポートに問い合わせてから、再試行してください。
ask-connect-to-resume-sync-on-as-it-b64c = { $name } の同期を現在の状態のまま再開するよう Connect に要求する

## crates/actions/src/connect/resumed.rs

the-diagnosis-is-asked-for-when-the-other-9530 = 診断は、ほかの兆候がそろってから求めます
signs-e259 = 項目
where-somebody-paused-it-again-heroku-connect-resume-37f2 = 誰かが再び一時停止した場合は、`heroku connect:resume { $options }` で再開できます
when-it-stays-so-the-log-says-why-d92f = このまま変わらない場合は、ログで原因が分かります：`heroku logs -d herokuconnect -a { $app }`
heroku-connect-write-errors-and-heroku-connect-notificat-2828 = `heroku connect:write-errors { $options }` と `heroku connect:notifications { $options }` で全件を確認できます。拒否された書き込みは自動では再送されません。
stop-whoever-writes-to-the-former-database-what-ea57 = 以前のデータベースへの書き込み元を止めてください。そこに書かれた内容は新しいデータベースにはなく、手動で移す必要があります。
heroku-connect-diagnose-shows-it-with-what-to-ba56 = `heroku connect:diagnose { $options }` で、内容と対処を確認できます。
where-it-has-nothing-to-do-with-the-c993 = { $remedies } { $name } の新しいデータベースと無関係なら、その旨を理由としてこのステップを飛ばしてください。

## crates/actions/src/connect/signs_by_api.rs

mapped-when-the-plan-was-made-and-not-f178 = 計画を作ったときにはマッピングされていたが、今はない：{ $gone }
in-sync-912d = { $count } が同期済み、{ $pending_spoken }
n-0-new-write-errors-0-new-notifications-0b5d = 新しい書き込みエラー 0 件、新しい通知 0 件
and-since-it-resumed-ac95 = 再開後に { $new }、{ $unread }
new-notification-f394 = 新しい通知 { $count } 件
new-notifications-a4b4 = 新しい通知 { $count } 件
not-diagnosed-connect-does-not-offer-it-1a0f = 診断していません：Connect が診断を提供していません（{ $saw }）
the-diagnosis-runs-f288 = 診断の実行中です
the-diagnosis-is-begun-anew-0b23 = 診断を始め直します
the-diagnosis-shows-no-error-1fa7 = 診断ではエラーなし、{ $warnings }
warning-ead5 = 警告 { $count } 件
warnings-e5ae = 警告 { $count } 件
the-diagnosis-shows-errors-7132 = 診断でエラーがありました：{ $red }

## crates/actions/src/connect/signs_by_sql.rs

the-databases-are-not-looked-at-compare-is-dd73 = データベースは見ません（compare が none のため）
there-is-no-former-database-it-is-the-03a1 = 以前のデータベースはありません。前と同じものです
there-was-no-trigger-log-to-look-at-e102 = 再開前は、見るべきトリガーログがありませんでした
of-the-that-waited-at-the-resumption-are-9fb2 = 再開時に待っていた { $open } のうち { $left } 件が未処理です
all-that-waited-are-settled-and-new-ones-7d19 = { $open }；待っていた { $open_2 } 件はすべて完了し、新しくアーカイブされたものがあります
nothing-waited-and-nothing-was-captured-since-56eb = { $open }；待っていたものはなく、その後に捕捉された変更もありません
there-is-no-archive-to-look-at-a824 = { $open }；見るべきアーカイブがありません
and-nothing-was-archived-since-the-resumption-2579 = { $open }、再開後にアーカイブされたものはありません
to-9e33 = { $table } が { $at } まで
no-mapped-table-has-a-newer-systemmodstamp-nothing-2552 = systemmodstamp が新しくなったマッピング対象のテーブルはありません。Salesforce で何も変わっていないのかもしれません
systemmodstamp-has-moved-024e = systemmodstamp が進みました：{ $moved }
the-former-database-was-not-looked-at-before-6c3a = 再開前に以前のデータベースを見ていません
is-still-written-to-87a3 = { $database } にまだ書き込みがあります：{ $spoken }
nothing-was-written-to-since-connected-to-it-f55f = その後 { $database } への書き込みはありません。接続しているもの：{ $connected }
and-was-idle-since-it-resumed-973b = { $now }。再開してから IDLE になりました
not-seen-in-sync-yet-since-it-resumed-a794 = 再開してからまだ同期済みになっていません：{ $missing }
were-in-sync-since-it-resumed-553d = { $count } が再開してから同期済みになりました。{ $pending }
were-in-sync-since-it-resumed-being-sent-1059 = { $count } が再開してから同期済みになりました。{ $pending }（送信中）
were-in-sync-since-it-resumed-and-not-5267 = { $count } が再開してから同期済みになりました。{ $pending }（まだ減っていません）

## crates/actions/src/connect/validation.rs

connect-diagnoses-f294 = Connect が { $name } を診断しています
passed-950d = { $errors }、{ $warnings }、{ $passes } に合格
error-cd5e = エラー { $count } 件
errors-6b24 = エラー { $count } 件
check-a582 = 検査 { $count } 件
checks-5a8b = 検査 { $count } 件

## crates/actions/src/connect/write_errors.rs

of-in-the-last-24-hours-c7ab = { $name } の直近 24 時間：{ $number }
time-not-shown-2e0c = 時刻の表示なし
log-entry-daed = { $when }  { $or_unknown } { $or_unknown_2 }  { $message }  （ログエントリー { $id }）
a-write-error-cant-be-told-again-f53c = 書き込みエラーを再表示できません：{ $error }
what-connect-told-is-kept-with-the-run-f554 = Connect が返した内容は実行とともに保存されます。
please-report-this-as-a-defect-of-hcops-56da = hcops の不具合として報告してください。

## crates/actions/src/leads.rs

leads-to-de61 = { $variable } は { $place } を指しています
is-missing-c4ec = { $variable } がありません
no-database-its-value-is-no-address-of-9743 = データベース以外（値がデータベースのアドレスではない）

## crates/actions/src/person/attest.rs

this-cannot-be-seen-from-here-a-person-55ea = これはここからは観測できません。人が保証する必要があります。
bring-the-world-into-the-state-that-the-0557 = 実際の状態を記述どおりにしてから、もう一度 yes と答えてください。

## crates/actions/src/person/note.rs

no-api-shows-this-and-later-nobody-can-904b = これを表示する API はなく、後からは誰も読み取れません。回答は一字一句そのまま残します。
does-not-say-what-it-is-6917 = 「{ $answer }」では内容が分かりません。
retry-and-answer-in-words-with-none-where-db69 = 再試行し、言葉で答えてください。書くことがなければ `none` と答えてください。

## crates/actions/src/postgres/attaching.rs

of-leads-to-517c = { $app } の { $name } は { $name_2 } を指しています
of-leads-to-already-but-as-instead-of-09dd = { $app } の { $name } はすでに { $database } を指していますが、{ $namespace } であるはずが { $current } になっています。
its-default-credential-777b = そのデフォルトのクレデンシャル
somebody-attached-it-differently-remove-it-heroku-addons-041f = 誰かが別の形でアタッチしています。外してから（`heroku addons:detach { $name } -a { $app }`）、再試行してください。
to-nothing-6f59 = どこも指していない状態
to-c86d = { $from }
of-leads-to-when-the-plan-was-made-8024 = { $app } の { $name } は { $name_2 } を指しています。計画を立てたときの指す先：{ $expected }。
somebody-has-moved-it-since-find-out-why-2174 = その後、誰かが指す先を変えました。理由を調べ（`heroku releases -a { $app }`）、手動で移す（`heroku addons:attach { $database } --as { $name } -a { $app }`）か元に戻してから、再試行してください。
heroku-reports-a-failure-of-nothing-is-switched-eb43 = Heroku が { $name } の失敗を報告しています：「{ $message }」。ここへの切り替えは何も行いません。
look-at-it-with-heroku-pg-info-a-d024 = `heroku pg:info { $name } -a { $app }` で確認し、Heroku サポートにチケットを起票してください。
make-of-lead-to-instead-of-the-app-58c3 = { $app } の { $name }{ $through } の指す先を { $name_2 } から { $database } に変える。アプリに新しいリリースができる
attach-to-as-the-app-gets-a-new-b391 = { $database } を { $app } に { $name }{ $through } としてアタッチする。アプリに新しいリリースができる

## crates/actions/src/postgres/behind_by.rs

commits-0268 = コミット
is-behind-waiting-for-at-most-a2e5 = { $database } は { $behind_by } 遅れています。最長 { $most } 待ちます
commit-b8e9 = { $count } コミット
commits-0ac0 = { $count } コミット
heroku-shows-behind-by-for-which-hcops-does-e86b = Heroku は { $database } について「Behind By: { $text }」と表示していますが、hcops には解釈できません。
has-caught-up-with-its-leader-fc43 = { $database } はリーダーに追いつきましたか？（`{ $shown_by }`）
heroku-does-not-show-how-far-is-behind-7e06 = Heroku に { $database } の遅れが表示されません（「Behind By」がない）
it-does-not-get-the-commits-of-any-8161 = { $database } の状態：{ $spoken }。{ $leader } のコミットはもう届きません。
a-database-that-has-stopped-following-cannot-be-48c7 = フォローをやめたデータベースに、再びフォローさせることはできません。中止して戻し（`hcops abort`）、最初からやり直してください。状態は `{ $shown_by }` で確認できます。

## crates/actions/src/postgres/cancel_upgrade.rs

cancel-the-scheduled-upgrade-of-11ef = { $database } の予定されたアップグレードを取り消す
there-was-nothing-to-cancel-55db = 取り消すものはありませんでした：{ $fault }
the-upgrade-of-is-under-way-and-cannot-3028 = { $database } のアップグレードはすでに進行中で（「{ $message }」）、もう取り消せません。
wait-for-its-end-heroku-pg-upgrade-wait-5dfa = 終わるまで待ってください：`heroku pg:upgrade:wait { $database } -a { $app }`。その後データベースを確認し、この実行を再開してください。

## crates/actions/src/postgres/change_plan.rs

it-may-take-hours-and-needs-no-process-0ad2 = { $message }。数時間かかることがありますが、ここでプロセスを動かしておく必要はありません。Ctrl-C で抜けることができ、`hcops resume` で続きを待てます
heroku-does-not-show-just-now-f65b = 現在、Heroku に { $database } が表示されていません
the-plan-change-was-accepted-adb3 = プラン変更が受け付けられました
change-from-to-heroku-prepares-a-replacement-and-09b5 = { $database } を { $from } から { $plan } に変更する：{ $prices }。Heroku が代わりを用意し、そちらに切り替える
heroku-reports-a-failure-of-3d5f = Heroku が { $database } の失敗を報告しています：「{ $message }」。
open-a-ticket-with-herokus-support-shows-the-3bbe = Heroku サポートにチケットを起票してください。データベースは `{ $shown_by }` で確認できます。
is-on-now-neither-nor-5755 = { $database } のプランは現在 { $plan } で、{ $from } でも { $plan_2 } でもありません。
somebody-else-has-changed-its-plan-find-out-520f = ほかの誰かがプランを変更しました。誰かを調べてから、計画を立て直してください。

## crates/actions/src/postgres/compare.rs

reading-the-structure-of-both-databases-e01d = 両方のデータベースの構造を読み取り中
comparing-contents-368c = 中身を照合中
looking-for-the-rows-that-differ-35f7 = 相違のある行を探索中
comparing-sequences-large-objects-and-what-connect-keeps-e5c3 = シーケンス、ラージオブジェクト、Connect の管理データを照合中
about-s-left-ee23 = 、残り約 { $seconds } 秒
lost-connections-made-again-b9f7 = 、切れた接続 { $retries } 本を再確立
rows-so-far-83a4 = { $phase }：これまでに { $rows } 行{ $left }{ $lost }
bytes-2770 = バイト
while-they-were-compared-something-was-written-bb45 = 照合中に書き込みがありました。{ $spoken }。
no-difference-was-found-but-that-holds-for-ff96 = { $remedies }相違は見つかりませんでしたが、それはスナップショットの時点に限った結果です。書き込み元を止めてから、再試行してください。照合は最初からやり直します。

## crates/actions/src/postgres/comparing.rs

the-comparison-ended-without-a-result-5cb5 = 照合が結果なしに終わりました：{ $error }
nothing-is-known-about-the-copy-then-nothing-b3f3 = このため、コピーが正しいかは分かりません。何も変更していません。

## crates/actions/src/postgres/copy_exact.rs

nothing-was-written-to-or-since-the-comparison-9ddf = 照合で相違なしと確認されてから、{ $old } にも { $new } にも書き込みはありません
is-not-an-exact-copy-of-any-more-9ec7 = { $new } はもう { $old } の正確なコピーではありません。{ $spoken }。
what-was-written-to-is-missing-in-and-4275 = { $remedies }{ $old } に書き込まれたものは { $new } になく、後から移されることもありません。中止して戻し（`hcops abort`）、新しいコピーで最初からやり直してください。越境点の通過前なら、それで失われるものはありません。

## crates/actions/src/postgres/copying/cancel_copy.rs

cancel-the-copy-into-dee2 = { $target } へのコピーを取り消す
no-copy-was-under-way-6374 = 進行中のコピーはありませんでした
the-copy-was-cancelled-b55f = コピー { $transfer } が取り消されました（{ $status }）

## crates/actions/src/postgres/copying/copy.rs

the-copy-was-begun-as-37ae = コピーを { $uuid } として開始しました
the-copy-was-cancelled-2861 = コピーは取り消されました
the-copy-has-ended-and-heroku-does-not-5455 = コピー { $uuid } は終わりましたが、警告なしに成功したかどうかを Heroku が示していません。
did-it-heroku-pg-backups-a-315e = 警告なしに成功しましたか？（`heroku pg:backups -a { $app }`）
the-copy-ended-with-aa87 = コピーは{ $warnings }で終わりました
the-copy-failed-8bbb = コピーに失敗しました
copying-into-421d = { $source } を { $target } にコピーしています
its-log-ends-e4cc = ログの末尾：「{ $lines }」。
is-not-an-exact-copy-of-e9d7 = { $what }。{ $target } は { $source } の正確なコピーではありません。{ $log }
nothing-has-been-switched-to-it-turn-back-aecb = ここへは何も切り替えていません。中止して戻してください（{ $target } は削除されます）。原因（新しいデータベースに足りない拡張機能、デフォルトのクレデンシャルで見えないデータ）を取り除き、最初からやり直してください。
another-database-4f59 = 別のデータベース
was-copied-into-by-somebody-else-e783 = ほかの誰かが { $from } を { $target } にコピーしました（{ $uuid }）。
whose-copy-it-is-heroku-pg-backups-a-e597 = 誰のコピーかは `heroku pg:backups -a { $app }` で分かります。中止して戻し、別の名前で最初からやり直してください。
copy-into-which-is-erased-first-about-3-e03e = { $source } を { $target } にコピーする。{ $target } は先に消去される。1 GB あたり約 3 分

## crates/actions/src/postgres/copying/copyable.rs

can-be-used-where-the-app-is-7630 = アプリのある場所で使えること
no-plan-f4a5 = 該当するプラン { $target_plan } はありません（条件：{ $what }）。
heroku-addons-plans-heroku-postgresql-lists-the-plans-6073 = プランの一覧は `heroku addons:plans heroku-postgresql` で確認できます。heroku-postgresql:standard-0 のように指定してください。
databases-of-the-plan-cant-be-copied-with-db55 = プラン { $unfit } のデータベースは pg:copy でコピーできません。
on-shield-use-a-follower-method-follower-for-ca17 = Shield ではフォロワーを使ってください（`--method follower`）。Advanced については、そもそも Heroku Connect が動くかを Heroku サポートに問い合わせてください。
is-on-postgres-already-b5f0 = { $database } はすでに Postgres { $version } です。
name-a-newer-major-version-with-to-2c67 = --to でより新しいメジャーバージョンを指定してください。
is-on-postgres-and-the-copy-would-be-c70e = { $database } は Postgres { $version } ですが、コピー先は { $version_2 } になります。
a-copy-into-an-older-version-can-fail-2bff = 古いバージョンへのコピーは、新しい機能のところで失敗することがあります。同じかより新しいバージョンを指定してください。
has-credentials-that-a-copy-does-not-take-0faa = { $database } には、コピーされないクレデンシャルがあります：{ $names }。
a-copy-takes-what-the-default-credential-can-d106 = コピーに入るのはデフォルトのクレデンシャルから見えるものだけで、クレデンシャル自体は入りません。デフォルトのクレデンシャルからすべてが見えることを確かめ、--leave-credentials { $names } を付けて計画を立て直してください。そうすると実行は、アプリを静止させる前に、アプリが使う各クレデンシャルが新しいデータベースに作成されるのを待ちます（`heroku pg:credentials:create NEW_DATABASE --name NAME -a APP`）。
heroku-does-not-show-the-size-of-93b6 = Heroku に { $database } のサイズが表示されません。
is-smaller-than-10-gb-heroku-pg-info-3ba1 = { $database } は 10 GB 未満ですか？（`heroku pg:info { $database }`）
holds-gb-copies-are-made-for-less-than-d4b5 = { $name } のデータは { $size } GB です。コピーは 10 GB 未満を対象とします。
it-would-take-hours-with-writes-off-a-de5f = 書き込み停止のまま何時間もかかります。バージョンはその場でアップグレードするか、Standard 以上のティアならフォロワーを使ってアップグレードします（`hcops plan version-upgrade`）。Essential からの移行については Heroku サポートに問い合わせてください。
no-plan-of-this-tier-holds-it-name-cef1 = このティアに収まるプランはありません。別のティアのプランを指定してください。
the-smallest-plan-of-this-tier-that-holds-7625 = このティアで収まる最小のプランは { $fitting } です。これを指定してください。
holds-gb-and-at-most-gb-1562 = { $name } のデータは { $size } GB ですが、{ $plan } の上限は { $limit } GB です。

## crates/actions/src/postgres/copying/create.rs

a-database-on-postgres-of-531e = { $app } の Postgres { $version } のデータベース
plan-again-with-another-name-new-name-dc00 = 別の名前（--new-name）で計画を立て直してください。
the-add-on-is-there-its-database-not-f1c6 = アドオン { $name } はありますが、データベースはまだありません
it-is-on-postgres-9588 = Postgres { $other } になっている
heroku-does-not-say-in-a-form-that-c0ae = { $name } の Postgres バージョンを、Heroku が hcops の知る形で示していません。
is-on-postgres-heroku-pg-info-a-b396 = { $name } は Postgres { $version } ですか？（`heroku pg:info { $name } -a { $app }`）
create-the-add-on-postgres-on-attached-as-a5ac = { $app } にアドオン { $name }（{ $plan }、Postgres { $version }）を作成し、{ $alias } としてアタッチする。作成時から課金される

## crates/actions/src/postgres/copying/empty.rs

is-not-empty-it-has-68f7 = { $database } は空ではありません：{ $tables }があります。
a-copy-would-erase-them-where-that-is-fd8e = コピーするとこれらは消去されます。失ってよければ空にしてから（`heroku pg:reset { $database } -a { $app }`）再試行し、そうでなければ別のデータベースにコピーしてください。
heroku-does-not-show-how-many-tables-has-e422 = Heroku に { $database } のテーブル数が表示されません。
is-empty-3bdd = { $database } は空ですか？（`{ $shown_by }`）

## crates/actions/src/postgres/copying/in_use.rs

of-set-by-hand-13d4 = { $app } の { $name }（手動で設定）
is-in-use-as-a-copy-would-erase-3b96 = { $database } は { $users } として使われています。コピーすると、それが使っている内容が消えます。
copy-into-a-database-that-nobody-uses-heroku-0a0e = 誰も使っていないデータベースにコピーしてください（`heroku addons:create heroku-postgresql:PLAN -a { $owner }`）。このデータベースがもう使われていないのであれば、先にデタッチしてください（`heroku addons:detach NAME -a APP`）。
the-database-of-06a5 = { $name } のデータベース（{ $url_var }）

## crates/actions/src/postgres/copying/same_tables.rs

size-not-shown-494f = サイズの表示なし
bytes-2564 = { $bytes } バイト
in-both-rows-were-not-compared-here-584c = どちらも{ $tables }；{ $source }：{ $bytes }、{ $target }：{ $bytes_2 }；行はここでは照合していません
has-and-its-copy-has-686f = { $source } には{ $tables }がありますが、コピーの { $target } にあるのは { $new } 個です。
the-copy-is-not-whole-or-somebody-has-9d9a = コピーが不完全か、その間に誰かがテーブルを作成または削除しました。中止して戻し、最初からやり直してください。
heroku-does-not-show-how-many-tables-the-77f1 = Heroku に両データベースのテーブル数が表示されません。
are-there-as-many-in-both-heroku-pg-d41c = どちらも同じ数ですか？（`heroku pg:info { $source }`、`heroku pg:info { $target }`）

## crates/actions/src/postgres/copying/transfers.rs

herokus-answer-about-holds-no-address-a5d4 = { $database } についての Heroku の応答にアドレスがありません
without-it-no-copy-can-be-asked-for-48bd = アドレスがないと、コピーを依頼することも、後から見つけることもできません。
try-again-later-if-it-stays-so-ask-fc91 = 後でもう一度試してください。変わらなければ Heroku サポートに問い合わせてください。

## crates/actions/src/postgres/credential.rs

create-it-heroku-pg-credentials-create-name-a-1afc = 作成してください：`heroku pg:credentials:create { $database } --name { $name } -a { $app }`。コピーではこのクレデンシャルの権限は引き継がれません。`heroku pg:psql { $database } -a { $app }` で、コピーの前なら ALTER DEFAULT PRIVILEGES、コピーの後なら GRANT を使って権限を与えてください。

## crates/actions/src/postgres/credential_there.rs

the-credential-of-is-aebb = { $database } のクレデンシャル { $name } の状態は { $state } です
has-no-credential-which-gives-the-app-would-c43a = { $used_by } が使うクレデンシャル { $name } が { $database } にありません。このままではアプリが旧データベースに残り、そこに書き込んだものは失われます。
the-credentials-of-could-not-be-listed-dc7d = { $database } のクレデンシャルの一覧を取得できませんでした（{ $why }）。
has-the-credential-heroku-pg-credentials-a-37cd = { $database } にクレデンシャル { $name } がありますか？（`heroku pg:credentials { $database } -a { $app }`）

## crates/actions/src/postgres/destroy.rs

waiting-for-heroku-to-show-the-attachments-of-8076 = { $database } のアタッチメントが Heroku に表示されるのを待っています
it-has-no-attachment-1d0f = アタッチメント { $only_if_created_as } がない
destroy-the-add-on-of-with-all-its-00d2 = { $app } のアドオン { $database } を全データごと削除する
it-is-in-use-as-3e62 = { $names } として使われている
is-not-destroyed-so-it-is-not-only-7e4a = { $database } は削除しません：{ $reason }。この実行が作ったままのものではありません。
see-who-uses-it-heroku-addons-info-where-d431 = 誰が使っているかを確認してください（`heroku addons:info { $database }`）。誰も使っていなければ、手動で削除してください：`heroku addons:destroy { $database } -a { $app }`。

## crates/actions/src/postgres/differences.rs

large-objects-3e9d = ラージオブジェクト { $ids }
meanwhile-something-was-written-2c92 = その間に書き込みがあった：{ $spoken }
the-new-database-is-not-an-exact-copy-3459 = 新しいデータベースは、古いデータベースの正確なコピーではありません：{ $parts }。
connect-neither-fills-nor-mends-an-empty-or-cf3b = Connect は、空のデータベースや内容の違うデータベースを埋めも直しもしません。相違はずっと誤ったまま残り、そのまま Salesforce に同期されます。
a-new-follower-6ade = 新しいフォロワー
a-new-copy-f929 = 新しいコピー
default-privileges-8e62 = デフォルト権限
settings-alter-database-set-grants-and-comments-can-17e9 = 設定（ALTER DATABASE … SET）、権限付与、コメントは、新しいデータベースに手動で作れます。作ってから再試行してください。{ " " }
materialised-views-can-be-filled-anew-in-the-1154 = マテリアライズドビューは、新しいデータベースでデータを入れ直せます（REFRESH MATERIALIZED VIEW { $views }）。{ " " }
look-at-the-differences-with-hcops-postgres-compare-9d6f = 相違は `hcops postgres compare OLD NEW{ $follower }` で確認してください（--show-values で値を表示）。{ $refresh }{ $by_hand }まだ書き込み元があれば止めてください。新しいデータベースに足りないものが自然に届くことはないので、`hcops abort` で中止して戻し、{ $anew }で最初からやり直してください。
there-e244 = あり
missing-ffa6 = なし
in-old-in-new-14ac = { $kind } { $name }：旧では { $old }、新では { $new }
is-not-the-same-2d74 = { $kind } { $name }{ $fact } が一致しない
in-old-and-in-new-8a46 = { $word } { $table }、旧 { $old }、新 { $new } 行{ $rows }
a-row-without-a-key-af26 = キーのない行
is-missing-in-new-5b3b = { $which } が新にない
is-only-in-new-8008 = { $which } が新にだけある
differs-in-26a2 = { $which } は { $columns } が違う
sequence-23f7 = シーケンス { $sequence }：{ $trouble }

## crates/actions/src/postgres/drop_alias.rs

it-is-left-alone-remove-it-by-hand-7ec8 = 手を付けません。誰にも必要なければ、手動で削除してください。
of-is-the-only-attachment-of-8b48 = { $app } の { $alias } は { $database } の唯一のアタッチメントです。
it-is-left-alone-without-it-no-app-2bdb = 手を付けません。これがないと、どのアプリからもデータベースに届かなくなります。先に別の名前でアタッチしてください。
remove-the-attachment-of-keeps-its-others-0a2d = { $app } のアタッチメント { $alias } を外す。{ $database } のほかのアタッチメントは残る
the-attachment-is-removed-1a15 = アタッチメント { $alias } を外しました
has-no-attachment-of-this-database-486a = { $app } に、このデータベースのアタッチメント { $alias } はありません

## crates/actions/src/postgres/dry_run_upgrade.rs

have-heroku-try-the-upgrade-of-to-postgres-7be8 = { $database } の Postgres { $version } へのアップグレードを、Heroku に使い捨てのフォロワーで試させる。結果はメールで届く

## crates/actions/src/postgres/extensions.rs

in-fae1 = { $schema } の { $name }
extensions-of-can-have-all-of-them-there-0160 = { $source } の拡張機能：{ $all }；{ $target } でもすべて同じ場所に置けます
and-more-7692 = { $shown }；ほかに { $things } 件
a-copy-of-into-would-fail-or-never-fb2c = { $source } を { $target } にコピーしても、失敗するか、決して同じになりません：{ $some }。
a-policy-of-may-be-made-for-public-9bf0 = { $source } のポリシーの対象にできるのは、PUBLIC か、{ $target } にもあるクレデンシャル（`heroku pg:credentials:create { $target } --name NAME -a { $app }`）です。デフォルトのクレデンシャルのロールは、データベースごとに名前が違います。ポリシーを変更してから（`heroku pg:psql { $source } -a { $app }` で ALTER POLICY … TO …）、再試行してください。エンコーディングや照合順序が違う場合は、中止して戻し（`hcops abort`）、別の方式を使ってください。
a-copy-of-takes-no-grants-and-so-aa09 = { $source } のコピーに権限付与は含まれないため、違いが生じます：{ $some }。
revoke-what-nobody-needs-heroku-pg-psql-a-4cdf = 誰も必要としないものを取り消して（`heroku pg:psql { $source } -a { $app }`）、再試行してください。または、`hcops abort` で中止して戻し、--leave-credentials にそれらのロール（全員への付与なら `public`）を指定して計画を立て直し、実行が終わってから新しいデータベースで権限を付与し直してください。
a-copy-of-does-not-take-this-and-fcef = { $source } のコピーには次のものが引き継がれず、違いが残ります：{ $some }。
set-the-same-in-now-heroku-pg-psql-e085 = 今 { $target } に同じ設定をするか（`heroku pg:psql { $target } -a { $app }` で ALTER DATABASE … SET … TO …；コピーしても残ります）、誰にも必要のないものを { $source } で取り消し（ALTER DATABASE … RESET …）、再試行してください。
cannot-be-copied-into-as-it-is-d3ad = このままでは { $source } を { $target } にコピーできません：{ $obstacles }。
an-extension-that-lies-elsewhere-in-the-new-79b3 = 新しいデータベースで別の場所にあり、そこで何にも使われていない拡張機能は、削除できます（`heroku pg:psql { $target } -a { $app }` で DROP EXTENSION）。そうすればコピーで元の場所に置かれます。削除してから再試行してください。足りない拡張機能は、先に { $source } で使うのをやめる必要があります。または、中止して戻し、別の方式を使ってください。

## crates/actions/src/postgres/follow.rs

a-follower-of-on-32af = { $app } にある { $leader } のフォロワー
plan-again-with-another-name-follower-name-8a5c = 別の名前（--follower-name）で計画を立て直してください。
is-being-made-and-not-ready-yet-c7ac = { $name } は作成中で、まだ準備ができていません
it-f85f = { $spoken }
create-the-add-on-on-a-follower-of-7c4b = { $app } にアドオン { $name }（{ $plan }）を作成する：{ $leader } のフォロワーで、{ $alias } としてアタッチする。作成時から課金される

## crates/actions/src/postgres/followable.rs

is-on-the-plan-essential-databases-have-no-b230 = { $name } のプランは { $plan } です。Essential のデータベースはフォロワーを持てません。
use-another-method-the-version-of-an-essential-e817 = 別の方式を使ってください。Essential のデータベースは、その場でバージョンをアップグレードし（`heroku pg:upgrade:run { $name } --version { $to } -a { $app }`）、別のティアへはコピーで移します。
use-another-method-an-essential-database-changes-its-0353 = 別の方式を使ってください。Essential のデータベースは、同じティア内ならそのままプランを変更でき（`--method upgrade`）、別のティアへはコピーで移します（`hcops plan essential-copy`）。
is-on-the-plan-advanced-databases-are-followed-014d = { $name } のプランは { $plan } です。Advanced のデータベースのフォローとアップグレードは、別のコマンドで行います。
no-source-says-that-heroku-connect-supports-them-63c0 = Heroku Connect が対応しているとする情報源はありません。内容は `heroku data:pg:info { $name } -a { $app }` で確認できます。
is-on-the-plan-which-hcops-does-not-b721 = { $name } のプランは { $plan } ですが、hcops の知らないプランです。
can-databases-on-the-plan-be-followed-3615 = プラン { $plan } のデータベースはフォローできますか？
is-a-follower-itself-followers-cant-be-chained-4168 = { $name } 自身がフォロワーです。フォロワーのフォロワーは作れません。
name-the-connections-leader-database-heroku-pg-info-4b38 = 接続のリーダーデータベースを指定してください。どれかは `heroku pg:info -a { $app }` で分かります。
a-database-that-is-new-or-was-forked-ffcb = 新しいデータベースや、最近フォークまたはフォロー解除されたデータベースは、数分から数時間後に使えるようになります。待ってから `heroku pg:info { $name } -a { $app }` で確認してください。
an-upgrade-of-is-being-prepared-or-under-fe4b = { $name } のアップグレードがすでに準備中か進行中です：「{ $message }」。
let-it-end-heroku-pg-upgrade-wait-a-95bd = 終わるまで待つ（`heroku pg:upgrade:wait { $name } -a { $app }`）か、まだ準備中のうちに取り消してください（`heroku pg:upgrade:cancel { $name } -a { $app }`）。
an-earlier-upgrade-of-failed-84b8 = { $name } の以前のアップグレードは失敗しています：「{ $message }」。
ask-herokus-support-before-another-one-heroku-pg-7da2 = もう一度行う前に Heroku サポートに問い合わせてください。状態は `heroku pg:info { $name } -a { $app }` で確認できます。
is-on-postgres-is-not-newer-d38e = { $name } は Postgres { $version } です。{ $to } のほうが新しいわけではありません。
name-a-newer-major-version-with-to-heroku-3037 = --to でより新しいメジャーバージョンを指定してください。現在のバージョンは `heroku pg:info { $name } -a { $app }` で確認できます。
is-on-a-version-older-than-heroku-pg-33a3 = { $name } のバージョンは { $to } より古いですか？（`heroku pg:info { $name } -a { $app }`）

## crates/actions/src/postgres/info.rs

upgrade-7ec0 = アップグレード
maintenance-scheduled-for-459b = メンテナンスの予定
follows-nothing-1732 = フォロー先なし
follows-behind-4e5d = フォロー先 { $place }、遅れ { $or_not_shown }
status-b420 = { $name }：{ $or_not_shown }、{ $or_not_shown_2 }、状態 { $or_not_shown_3 }、{ $follows }

## crates/actions/src/postgres/inventory.rs

what-was-read-of-the-database-before-cant-5fe0 = 前に読み取ったデータベースの内容を読み返せません：{ $error }
what-it-consists-of-now-cant-be-held-c236 = 現在の内容と突き合わせることができません。
report-this-as-a-defect-of-hcops-compare-6a9f = hcops の不具合として報告してください。実行の証拠に保存されたインベントリと手動で照合してください。
and-then-660b = { $kind } { $name }{ $fact }：以前は { $one }、その後は { $other }
consists-of-the-same-b43f = ；{ $other } も構成は同じ
to-5527 = ；{ $other } との{ $some }
nothing-else-than-before-b2c5 = ；以前との違いなし
is-postgresql-with-a7cb = { $database } は PostgreSQL { $version }、内訳：{ $told }{ $beside }{ $rebuild }
does-not-consist-of-what-it-consisted-of-10bc = { $database } の構成が以前と違います：{ $shown }{ $more }。
nobody-should-have-changed-it-meanwhile-something-got-d474 = その間、誰も変更していないはずです。何かが失われたか、誰かがまだこのデータベースで作業しています。
look-at-it-heroku-pg-psql-a-and-73bb = データベースを確認し（`heroku pg:psql { $database } -a { $app }`）、足りないものを作り直してから再試行してください。誰が変更したか分かっていれば、このステップを飛ばしてもかまいません。
the-inventory-cannot-be-written-5b9d = 目録を書き出せません：{ $error }
it-is-kept-as-evidence-d428 = これは証拠として残します。

## crates/actions/src/postgres/is_follower.rs

and-not-a537 = { $database } の状態：{ $spoken }。フォロー先が { $leader } ではありません。
another-database-is-meant-or-somebody-else-has-0d08 = 意図したデータベースが別にあるか、ほかの誰かが役割を変更しました。`{ $shown_by }` で分かります。{ $leader } のフォロワーを指定して、初めからやり直してください（開いている実行は `hcops abort` で中止して戻します）。

## crates/actions/src/postgres/keep_alias.rs

of-leads-to-already-7b02 = { $app } の { $alias } はすでに { $name } を指しています。
the-name-was-chosen-for-see-whose-attachment-0613 = この名前は { $database } 用に選ばれたものです。誰のアタッチメントかを確認し（`heroku addons -a { $app }`）、外してから（`heroku addons:detach { $alias } -a { $app }`）、再試行してください。
attach-to-as-as-well-2c5f = { $database } を { $app } に { $alias } としてもアタッチする
is-attached-as-841c = { $database } は { $name } としてアタッチされています

## crates/actions/src/postgres/lag.rs

by-the-log-bf72 = { $note }；ログ上の遅れ：{ $in_bytes }
has-all-of-s-log-0-bytes-behind-9530 = { $database } は { $leader } のログをすべて受け取っています：{ $at } 時点の遅れは 0 バイト、Heroku の表示する遅れは { $behind_by }
is-no-copy-of-the-two-servers-have-3efe = { $database } は { $leader } のコピーではありません。2 つのサーバーはシステム識別子（pg_control_system）が違うため、それぞれのログの位置を比べても何も分かりません。
one-of-the-addresses-leads-to-another-server-e8d7 = どちらかのアドレスが Heroku の示すものとは別のサーバーを指しているか、フォロワーが別のデータベースから作られています。両方を確認し（`{ $shown_by }`、`{ $shown_by_2 }`）、中止して戻し（`hcops abort`）、{ $leader } のフォロワーで最初からやり直してください。
bytes-its-newest-transaction-s-old-cf23 = { $bytes } バイト、最新のトランザクションは { $seconds } 秒前
one-of-the-two-servers-is-not-in-3522 = 2 つのサーバーの一方が本来の役割にない
heroku-shows-0-commits-behind-but-by-the-dcdc = Heroku の表示では { $database } の { $leader } に対する遅れは 0 コミットですが、ログ上はそうではありません：{ $in_bytes }
one-of-the-two-is-wrong-and-what-4307 = どちらか一方が誤りで、足りないものはずっと失われたままになります。両方を確認し（`{ $shown_by }`、`{ $shown_by_2 }`）、時間をおいてから再試行してください。変わらなければ、中止して戻し（`hcops abort`）、Heroku サポートに問い合わせてください。

## crates/actions/src/postgres/leading.rs

the-attachment-of-heroku-addons-attach-as-a-956e = { $app } のアタッチメント { $name }{ $through }：`heroku addons:attach { $successor } --as { $name } -a { $app } --confirm { $app }`
of-set-by-hand-heroku-config-set-new-eb59 = 手動で設定された { $app } の { $name }：`heroku config:set { $name }=NEW_ADDRESS -a { $app }`（{ $successor } のアドレスを指定）
unknown-for-whose-config-vars-this-account-may-e230 = { $app } については不明（このアカウントでは環境設定（config var）を読み取れない）

## crates/actions/src/postgres/left_unwritten.rs

nothing-leads-there-any-more-but-its-own-89aa = そこを指しているのは、もうデータベース自身の名前だけです
what-leads-there-still-is-d0b3 = そこをまだ指しているもの：{ $leads }
nothing-was-written-to-in-minutes-ddf4 = { $minutes } 分間、{ $database } には何も書き込まれていません
in-minutes-777b = { $minutes } 分間に { $spoken }
heroku-does-not-count-the-transactions-of-5949 = Heroku は { $database } のトランザクションを数えていません
is-at-transaction-8440 = { $database } の現在のトランザクションは { $transaction } です
whether-is-written-to-cannot-be-told-heroku-a48d = { $name } に書き込みがあるかどうかは分かりません：Heroku がトランザクションを数えていません
heroku-counts-in-7493 = Heroku が { $time }間に数えたのは{ $moved }
transaction-219e = トランザクション { $count } 件
transactions-161f = トランザクション { $count } 件
see-who-it-is-stop-them-where-they-a412 = 誰が書き込んでいるかを確認し（`{ $who }`）、その実行元で止めてください。
heroku-counts-on-in-no-more-than-the-6472 = Heroku の数えた { $database } の動きは { $time }間に{ $count }で、サーバー自身の保守で起こりうる範囲です（確実に分かるのは SQL だけです）
what-leads-there-still-ea56 = そこをまだ指しているもの：{ $leads }。
was-left-and-is-written-to-still-2028 = { $database } はもう使われていないはずですが、まだ書き込まれています：{ $what }。{ $named }
apps-and-sync-work-with-what-is-written-3b6c = アプリと同期は { $successor } を使っています。{ $database } に書き込まれたものは誰にも見えず、このデータベースとともに失われます。
then-bring-what-they-wrote-to-by-hand-4f2b = { $stop }その後、書き込まれたものを手動で { $successor } に移してください（`heroku pg:psql { $database } -a { $app }` で確認できます）。それまで { $database } を残しておいてください。一度破れた封印は元に戻りません。欠けているものがなくなったら、それを理由としてこのステップを飛ばしてください。
what-was-seen-of-the-silence-cannot-be-de07 = 静止の観測結果をステップからステップへ引き継げません：{ $error }
it-tells-whether-anything-was-written-since-c92f = その後に書き込みがあったかどうかを示すものです。

## crates/actions/src/postgres/maintenance_clear.rs

not-announced-for-essential-0fc9 = Essential では予告されません
not-required-5f20 = 不要
by-pg-info-9e92 = { $line }（pg:info による）
not-known-b995 = 不明
none-at-all-f266 = 空（何もなし）
a-maintenance-of-is-running-1757 = { $database } のメンテナンスが実行中です。
wait-for-its-end-heroku-data-maintenances-wait-ff10 = 終わるまで待ってください：`heroku data:maintenances:wait { $database } -a { $app }`。
the-status-of-the-maintenance-of-is-whether-6954 = { $database } のメンテナンスの状態は { $status } です。予定されているかどうかは分かりません。
is-free-of-maintenance-for-the-next-heroku-5ef2 = 今後 { $minutes }間、{ $database } にメンテナンスが入らないことを確認できますか？（`heroku data:maintenances:info { $database } -a { $app }`）
a-maintenance-of-is-scheduled-for-a-time-bff8 = { $database } のメンテナンスが「{ $scheduled }」に予定されていますが、この日時は読み取れません。
does-it-begin-later-than-from-now-7120 = 開始は今から { $minutes }より後ですか？
a-maintenance-of-is-scheduled-for-within-the-a97b = { $database } のメンテナンスが { $start } に予定されています。この手順を行う今後 { $minutes }以内です。
move-it-to-a-later-window-heroku-data-f0b3 = 後の枠に移す（`heroku data:maintenances:schedule { $database } -a { $app }`）か、先に実施してください（`heroku data:maintenances:run { $database } -a { $app }`）。
no-maintenance-of-is-in-the-way-its-2c9b = { $database } の予定されたメンテナンスで支障になるものはありません（状態：{ $status }）

## crates/actions/src/postgres/major.rs

to-or-version-a879 = --to または --version
postgres-cant-be-had-5c70 = Postgres { $major } は使えません：{ $why }。
take-postgres-the-default-or-another-that-is-5b30 = デフォルトの Postgres { $newest } か、提供されているほかのバージョン（{ $option }）を選んでください。Heroku がすでに { $major } を提供している場合は、 https://devcenter.heroku.com/articles/heroku-postgres-version-support を見たうえで、新しい hcops を使うか、--majors any を付けて計画を立て直してください。その場合は Heroku だけが可否を判断しますが、それは実際に要求したときになります。

## crates/actions/src/postgres/move_attachment.rs

has-no-credential-which-of-gives-49c7 = { $app } の { $name_2 } が使うクレデンシャル { $name } が { $database } にありません。

## crates/actions/src/postgres/old_leader.rs

logical-replication-slots-publications-and-subscriptions-bff7 = { $old } の論理レプリケーションスロット、パブリケーション、サブスクリプションを読み取れませんでした（{ $trim_end_matches }）：`heroku pg:psql { $old } -a { $app }` で `select * from pg_replication_slots`、`pg_publication`、`pg_subscription` を確認してください。
does-not-exist-any-more-1ea6 = { $database } はもう存在しません。
what-it-costs-is-a-matter-of-contract-9542 = 費用は契約によるか、表示なし
it-costs-us-dollars-a-month-7039 = 費用は月額 { $cents }.{ $cents_2 } 米ドル
once-it-is-not-needed-any-more-f00c = 不要になったら：`{ $command }`。
it-must-not-be-removed-yet-because-this-b130 = まだこれを指しているものがあるため、今は削除してはいけません：{ $leads }。
still-exists-attached-as-it-holds-the-data-5dc2 = { $database } はまだ存在します（アタッチメント：{ $attached }）；{ $cost }。切り替え前の時点のデータを保持しています。{ $rest }
its-followers-still-follow-it-and-do-not-af89 = そのフォロワーはまだこれをフォローしており、今後書き込まれるものは届きません：{ $followers }。新しいフォロワーを作り（`heroku addons:create heroku-postgresql:PLAN --follow { $successor } -a { $app }`）、読み取り側を移してから、古いフォロワーを削除してください。{ $database } は最後に削除します。

## crates/actions/src/postgres/ordering.rs

another-run-perhaps-of-another-machine-made-it-f17f = 別の実行（別のマシンのものかもしれません）が { $alias } として作成しました
an-add-on-exists-already-but-it-should-3dca = アドオン { $name } はすでにありますが、想定と違います（{ $what }）。本来は、{ $sort } でなければなりません。
it-is-not-taken-over-and-not-removed-c23b = 引き継ぎも削除もしません。{ $otherwise } 内容は `heroku pg:info { $name } -a { $app }` で確認できます。
is-there-its-attachment-does-not-show-yet-10b7 = { $name } はありますが、アタッチメントがまだ表示されません
is-there-but-it-is-not-attached-to-eb84 = { $name } はありますが、{ $app } にアタッチされていません。アドレスを持つ環境設定（config var）がありません。
somebody-has-detached-it-attach-it-again-heroku-9d03 = 誰かが外しました。もう一度アタッチしてから（`heroku addons:attach { $name } --as { $alias } -a { $app }`）、再試行してください。
its-plan-is-instead-of-343e = プランが { $plan } ではなく { $name }
heroku-could-not-create-the-database-02a0 = Heroku はデータベース { $name } を作成できませんでした：「{ $message }」。
remove-it-heroku-addons-destroy-a-and-retry-0d81 = 削除してから（`heroku addons:destroy { $name } -a { $app }`）再試行するか、中止して戻してください。

## crates/actions/src/postgres/plan_fits.rs

to-f30c = { $from } から { $name } へ：{ $prices }
is-on-already-81d2 = { $database } はすでに { $plan } です。
name-another-plan-with-plan-heroku-addons-plans-b05d = --plan で別のプランを指定してください。一覧は `heroku addons:plans heroku-postgresql` で確認できます。
is-on-an-essential-database-cannot-leave-its-6fbf = { $database } のプランは { $from } です。Essential のデータベースは、プラン変更では別のティアに移れません。
the-documented-way-is-the-procedure-essential-copy-a396 = 文書化された方法は手順 `essential-copy` です：{ $plan } のデータベースを作成し、アプリを静止させ、同期を一時停止し、コピーし、切り替え、再開します（`heroku pg:copy`）。
is-on-it-cannot-be-changed-to-an-b625 = { $database } のプランは { $from } です。Essential プランには変更できません。
create-a-database-on-and-copy-into-it-891e = { $plan } のデータベースを作成し、{ $app } のアプリを静止させ同期を一時停止した状態で、そこにコピーしてください（`heroku pg:copy`）。
hcops-does-not-know-whether-can-be-changed-96aa = { $from } を { $plan } に変更できるかどうか、hcops には分かりません。
can-a-database-be-changed-from-to-by-5b1e = `heroku addons:upgrade` でデータベースを { $from } から { $plan } に変更できますか？
heroku-offers-no-plan-7913 = Heroku にプラン { $plan } はありません。
name-one-whole-with-plan-offered-702a = --plan で正式な名前を指定してください。選べるもの：{ $names }。
the-common-runtime-9898 = Common Runtime
the-space-64e4 = スペース { $space }
the-plan-cannot-be-used-in-12f1 = プラン { $name } は { $place } では使えません。
name-a-plan-that-exists-there-with-plan-328f = そこで使えるプランを --plan で指定してください。一覧は `heroku addons:plans heroku-postgresql` で確認できます。
it-is-not-known-how-much-holds-or-39f3 = { $plan } の容量か { $database } のサイズが分かりません。
does-the-data-fit-heroku-pg-info-a-64d6 = データは収まりますか？（`heroku pg:info { $database } -a { $app }`）
the-smallest-plan-of-this-tier-that-holds-339f = このティアで収まる最小のプランは { $fitting } です。--plan で指定してください。
no-plan-of-this-tier-holds-it-name-de7a = このティアに収まるプランはありません。--plan で別のティアのプランを指定するか、先にデータを減らしてください。
something-is-going-on-with-already-2baf = { $database } ではすでに何かが進行中です：「{ $message }」。
wait-for-its-end-heroku-pg-wait-a-0e70 = 終わるまで待ってください：`heroku pg:wait { $database } -a { $app }`。
open-a-ticket-with-herokus-support-first-8b8a = 先に Heroku サポートにチケットを起票してください。
it-is-not-shown-1c96 = 表示なし
a-price-by-contract-0bfd = 契約による価格
a-month-before-after-4826 = 月額：変更前 { $spoken }、変更後 { $spoken_2 }

## crates/actions/src/postgres/prepare_upgrade.rs

a-preparation-may-take-up-to-a-day-0446 = { $message }（準備には最長 1 日かかることがあり、ここでプロセスを動かしておく必要はありません）
heroku-reports-that-the-upgrade-of-failed-2a42 = Heroku が { $database } のアップグレードの失敗を報告しています：「{ $message }」。
nothing-is-upgraded-turn-back-with-hcops-abort-bdb1 = 何もアップグレードされていません。`hcops abort` で中止して戻してください。原因は Heroku サポートが確認できます。
prepare-the-upgrade-of-to-postgres-apps-and-ebee = { $database } の Postgres { $version } へのアップグレードを準備する。アプリと同期は動いたまま
schedule-it-unless-it-is-run-or-cancelled-0bf3 = 予定に入れる：実行も取り消しもしなければ、次のメンテナンス枠に、アプリと同期が動いたまま Heroku が実行する

## crates/actions/src/postgres/promote.rs

still-follows-an-app-on-it-could-only-5330 = { $database } はまだ { $place } をフォローしています。アプリがこれを使っても読み取りしかできません。
upgrade-it-or-end-the-following-before-it-5e56 = 昇格の前に、アップグレードするか、フォローを解除してください。

## crates/actions/src/postgres/reachable.rs

read-by-sql-from-here-d045 = ここから SQL で読めました：{ $reached }
the-database-cannot-be-read-by-sql-from-bb26 = このマシンからは、データベースを SQL で読めません。{ $saw }。
run-hcops-where-the-database-can-be-reached-f486 = { $remedy } データベースに届く場所（アプリの one-off dyno、またはプライベートスペースが信頼するアドレス）で hcops を実行してください。または、照合を含む SQL による確認をすべて省いてください：`{ $without }`。

## crates/actions/src/postgres/readiness.rs

steps-b759 = ステップ
heroku-does-not-show-the-database-yet-1643 = Heroku にデータベース { $name } がまだ表示されていません
there-is-no-add-on-or-this-account-aaea = アドオン { $name } が存在しないか、このアカウントでは見ることができません。
look-at-the-add-ons-with-heroku-addons-b1a6 = `heroku addons -a { $app }` でアドオンを確認してください。削除されたか、名前が変わった可能性があります。
not-ready-yet-34a5 = まだ準備できていません
heroku-does-not-say-in-a-form-that-0f54 = { $database } の準備ができているかどうかを、Heroku が hcops の知る形で示していません（「{ $message }」）。
is-ready-heroku-pg-wait-a-3f28 = { $database } は準備できていますか？（`heroku pg:wait { $database } -a { $app }`）

## crates/actions/src/postgres/role.rs

follows-4ee7 = フォロー先 { $leader }

## crates/actions/src/postgres/rollback/create.rs

as-it-was-at-80cf = { $moment } 時点の { $source }
plan-again-with-another-name-for-the-new-3672 = 新しいデータベースを別の名前にして計画を立て直すか、--take existing で既存のものを使ってください。
it-comes-from-7836 = { $from } から作られたもの
heroku-does-not-show-what-was-made-from-9db6 = { $name } が何から作られたかが Heroku に表示されません。
is-it-as-it-was-at-heroku-pg-7e93 = これは { $moment } 時点の { $source } ですか？（`heroku pg:info { $name } -a { $app }`）
create-the-add-on-on-as-it-was-49f8 = { $app } にアドオン { $name }（{ $plan }）を作成する：{ $moment } 時点の { $source }。作成時から課金される

## crates/actions/src/postgres/rollback/origin.rs

was-made-from-4c18 = { $database } は { $source } から作られました
was-made-from-and-not-from-1fc0 = { $database } は { $source } ではなく { $from } から作られました。
name-the-rollback-of-this-database-with-new-694c = このデータベースのロールバックを --new-name で指定するか、作らせてください（--take create）。
somebody-says-that-was-made-from-ea4f = 担当者の回答によれば、{ $database } は { $source } から作られました
was-not-made-from-3980 = { $database } は { $source } から作られたものではありません。
was-it-made-from-3491 = { $source } から作られましたか？（`{ $shown_by }`）
is-in-use-by-the-connection-already-somebody-6eb0 = { $database } はすでに接続で使われています。誰かが昇格させました。指定の時点以降に前のデータベースに書き込まれたものは、ここからは取り戻せず、hcops からはもう見えません。その後に書き込まれたものを失わずに切り替えを取り消すこともできません。
what-is-left-is-to-load-every-mapping-d46b = 残る作業は、全マッピングの読み込み直しです。同期を一時停止し（`hcops run sync-pause`）、接続のページか `heroku connect:mapping:reload` で各マッピングを再読み込みし、DATA_SYNCED を待ち、再開してください（`hcops run sync-resume`）。前のデータベースに必要なものがあれば、残っているうちに退避してください。

## crates/actions/src/postgres/rollback/possible.rs

is-no-moment-56ee = 「{ $moment }」は日時として読めません。
give-it-in-utc-for-example-moment-2026-d14e = UTC で指定してください（例：--moment 2026-11-22T01:30:00Z）。
can-be-brought-back-as-it-was-at-7555 = { $database } を戻せるのは最も古くて { $earliest } 時点までで、{ $moment } には戻せません。
standard-plans-keep-4-days-premium-private-and-539f = 保持期間は Standard が 4 日、Premium、Private、Shield が 7 日です。より後の時点を選んでください。それより古いものはバックアップにしかありません：`heroku pg:backups`。
has-not-come-yet-197c = { $moment } はまだ来ていません。
choose-a-past-moment-in-utc-6582 = 過去の時点を UTC で選んでください。
unavailable-on-followers-3a05 = フォロワーでは利用不可（Unavailable on followers）
cant-be-rolled-back-f976 = { $database } はロールバックできません（{ $shown }）。
essential-plans-have-no-rollback-and-a-follower-8233 = Essential プランにはロールバックがなく、フォロワーのロールバックはリーダーを通して行います。代わりにバックアップを新しいデータベースに復元し（`heroku pg:backups:restore`）、アプリと接続を手動でそちらに移してください。
heroku-shows-as-the-rollback-of-which-hcops-2b23 = Heroku は { $database } のロールバックを「{ $shown }」と表示していますが、hcops には解釈できません。
can-it-be-rolled-back-to-that-moment-a283 = その時点までロールバックできますか？（`{ $shown_by }`）

## crates/actions/src/postgres/rows.rs

counting-its-rows-took-longer-than-4e4c = ：行を数える時間が次の上限を超えました：
whether-it-holds-what-it-should-is-known-d854 = { $title } { $late } { $limit }。内容が正しいことは別の方法で確認済みか、または問題になりません。
not-every-table-of-could-be-counted-within-d2c0 = { $database } のテーブルの一部を { $limit } 以内に数えられませんでした：{ $shown }。数え直しても、同じだけ時間がかかります。
look-what-keeps-the-database-busy-heroku-pg-c1b8 = データベースの負荷の原因を調べてから（`heroku pg:ps { $database } -a { $app }`、`heroku pg:locks { $database } -a { $app }`）、再試行してください。または手動で数え（`heroku pg:psql { $database } -a { $app }`）、もう一度 yes と答えてください。
tables-d98a = テーブル
counting-in-so-far-59c8 = { $database } の行を数えています：これまでに { $sum }
mapped-table-fd16 = マッピング対象のテーブル
in-188f = { $database }：{ $rows }に { $total }
each-with-as-many-as-before-9405 = 、どれも以前と同じ行数
not-counted-because-the-credential-does-not-see-5875 = ；クレデンシャルからすべては見えないか、時間がかかりすぎたため、数えなかったもの：{ $shown }
is-not-there-any-more-it-had-07a8 = { $table } はもうない（以前は { $rows }）
had-and-has-9382 = { $table } は以前 { $old }、今は { $rows }
is-new-with-9be8 = { $table } は新しく、{ $rows }
does-not-hold-what-it-held-before-e1ca = { $database } の内容が以前と違います：{ $shown }。
nothing-should-have-been-written-meanwhile-so-rows-1cb6 = この間に書き込みはないはずなので、行が失われたか、誰かが書き込んでいます。
find-out-what-happened-to-these-tables-before-686e = アプリと同期が再び書き込む前に、これらのテーブルに何が起きたかを調べてください。以前の行数は実行の証拠にあります。相違の説明がつけば、その旨を理由としてこのステップを飛ばしてください。

## crates/actions/src/postgres/seal.rs

within-the-s-since-the-comparison-began-e1c0 = 照合の開始から { $seconds } 秒の間
the-seal-of-the-comparison-cannot-be-carried-5d1e = 照合の封印をステップからステップへ引き継げません：{ $error }
it-tells-whether-the-databases-are-still-as-341f = 両データベースが照合時のままかどうかを示すものです。

## crates/actions/src/postgres/silence.rs

looked-at-once-the-second-look-follows-32c8 = { $database } を 1 回見ました。このあと 2 回目を見ます
something-still-writes-to-8351 = { $database } にまだ書き込みがあります：{ $spoken }
nobody-else-is-connected-66f0 = ほかに接続しているものはありません
connected-without-writing-3d3b = 書き込まずに接続中：{ $some }
nothing-was-written-to-in-seconds-c03c = { $seconds } 秒間、{ $database } への書き込みはありません；{ $visitors }
something-writes-to-within-seconds-793b = { $database } に書き込みがあります。{ $seconds } 秒の間：{ $spoken }。
heroku-pg-ps-a-shows-who-is-connected-175e = { $remedies }誰が接続しているかは `heroku pg:ps { $database } -a { $app }` で確認できます。その後、再試行してください。
how-the-silent-database-is-cannot-be-noted-500a = 静止したデータベースの状態を記録できません：{ $error }
it-tells-later-whether-anything-was-written-since-f555 = その後に書き込みがあったかどうかを、後で判断するためのものです。

## crates/actions/src/postgres/statistics.rs

the-planner-of-knows-3559 = { $database } のプランナーは { $tables }の統計を持っています
analyse-of-of-which-its-planner-knows-nothing-d494 = { $database } で、プランナーに統計がない { $unknown }を ANALYZE する：{ $some }
analysed-889b = { $analysed }を ANALYZE しました
the-planner-of-still-knows-nothing-of-the-3ed7 = { $database } のプランナーには、まだ { $some } の統計がありません。デフォルトのクレデンシャルは、所有していないテーブルを ANALYZE できません。
have-their-owners-run-analyze-on-them-heroku-a9d7 = 所有者に ANALYZE を実行してもらってから（`heroku pg:psql { $database } -a { $app } --credential NAME`）、再試行してください。またはこのステップを飛ばしてください。その場合、これらのテーブルへの最初のクエリーは遅いかもしれません。

## crates/actions/src/postgres/uncompared.rs

the-new-database-5ddc = 新しいデータベース
what-no-comparison-will-reach-could-not-be-9123 = どの照合も及ばないものを読み取れませんでした：{ $saw }
no-comparison-can-show-that-the-new-database-55ea = { $database } のうち、新しいデータベースに入ることをどの照合でも示せないもの：{ $unseen }
expected-to-differ-9a39 = 相違が想定されるもの：{ $known }
everything-in-can-be-compared-d0fb = { $database } の内容はすべて照合できます
whether-it-is-in-is-known-otherwise-or-8bc9 = { $what }：{ $why }。{ $place } にあるかどうかは、別の方法で分かっているか、問題になりません。
could-not-be-compared-so-nobody-knows-whether-d0a7 = { $names } を照合できなかったため、{ $place } にあるかどうかは誰にも分かりません。
let-the-credential-read-it-set-an-unlogged-1e83 = クレデンシャルで読み取れるようにするか、コピーの前に unlogged テーブルを LOGGED に変更するか（ALTER TABLE … SET LOGGED）、両方のデータベースで同じかどうかを手動で調べてから、もう一度 yes と答えてください。引き返せない点の前なら、`hcops abort` で元の状態に戻せます。

## crates/actions/src/postgres/unfollow.rs

follows-nothing-any-more-but-its-server-is-0aa0 = { $name } はもう何もフォローしていませんが、サーバーはまだ書き込みの準備ができていません
heroku-reports-that-failed-after-it-stopped-following-3b88 = Heroku が、{ $name } はフォローをやめた後に失敗したと報告しています：「{ $message }」。
is-untouched-turn-back-with-hcops-abort-which-4a46 = { $leader } は無傷です。`hcops abort` で中止して戻せば、引き続き { $leader } を使えます。原因は Heroku サポートが確認できます。
end-the-following-of-it-becomes-writable-and-afc4 = { $database } のフォローを解除する：書き込み可能になり、再び { $leader } をフォローさせることはできない
and-not-it-is-not-the-follower-of-5b7a = { $database } の状態：{ $spoken }。フォロー先が { $leader } ではなく、もうこの計画のフォロワーではありません。
somebody-else-has-changed-its-role-and-what-c6e9 = ほかの誰かが役割を変更したため、その後 { $leader } に書き込まれたものがこちらにはありません。誰かを調べ、`hcops abort` で中止して戻し、別のフォロワーで最初からやり直してください。

## crates/actions/src/postgres/untouched.rs

was-written-to-since-it-was-left-d324 = 使われなくなった後に、{ $name } に書き込みがありました：{ $news }。
find-out-who-writes-an-app-whose-maintenance-c64f = 何が書き込んでいるかを調べてください：メンテナンスモードがオフだったアプリ、プロセス、one-off dyno、接続、そのほか { $name } のアドレスを持つものです。`{ $shown_by }` で同じ数値を確認できます。
have-passed-there-1ddd = そこで{ $passed }が実行された
the-number-of-its-tables-has-changed-by-ea69 = テーブルの数が { $tables } 変わった
it-has-grown-by-1c48 = サイズが { $bytes } 増えた
byte-dfb3 = { $count } バイト

## crates/actions/src/postgres/unwritten.rs

nothing-was-written-to-in-the-seconds-since-c506 = 静止を観測してから { $seconds } 秒間、{ $name } への書き込みはありません
was-written-to-in-the-seconds-since-its-e346 = 静止を観測してから { $seconds } 秒の間に、{ $name } に書き込みがありました：{ $spoken }。
a-copy-holds-what-was-there-when-it-5f98 = { $remedies }コピーに含まれるのは開始時点にあったものだけで、それ以外が後から移されることはありません。中止して戻し（`hcops abort`）、新しいコピーで最初からやり直してください。越境点の通過前なら、それで失われるものはありません。

## crates/actions/src/postgres/upgradable.rs

is-on-the-plan-advanced-databases-are-upgraded-172a = { $database } のプランは { $plan } です。Advanced のデータベースのアップグレードは、別のコマンドで行います。
no-source-says-that-heroku-connect-supports-them-d8d8 = Heroku Connect が対応しているとする情報源はありません。Heroku サポートに問い合わせてください。
can-databases-on-the-plan-be-upgraded-in-13d8 = プラン { $plan } のデータベースは、その場でアップグレードできますか？
an-upgrade-of-is-scheduled-already-heroku-runs-0faa = { $database } のアップグレードはすでに予定されています。{ $at } に Heroku が自動で実行します。
another-run-or-somebody-else-prepared-it-hcops-881b = 別の実行か、ほかの誰かが準備したものです（`hcops runs`）。その実行を終わらせるか、取り消してください：{ $cancelled_by }。
an-upgrade-of-is-being-prepared-or-under-5f54 = { $database } のアップグレードが準備中か進行中です（「{ $message }」）。
wait-for-it-heroku-pg-upgrade-wait-a-1af1 = 終わるまで待つ（`heroku pg:upgrade:wait { $database } -a { $app }`）か、準備中のうちに取り消してください：{ $cancelled_by }。
is-a-follower-the-same-request-would-end-b5e0 = { $database } はフォロワーです。同じ要求を送るとフォローが解除されます。
name-the-app-whose-connection-uses-the-leader-5d14 = リーダーを使う接続のアプリを指定してください。フォロワーは一緒にアップグレードされます。
has-tables-with-10-000-objects-an-upgrade-8ba3 = { $name } のテーブルは { $tables } 個です。オブジェクトが 10,000 個になると、アップグレードがメモリー不足になることがあります。
try-it-first-heroku-pg-upgrade-dryrun-version-1b4f = 先に試し（`heroku pg:upgrade:dryrun { $name } --version { $to } -a { $app }`）、Heroku サポートに相談してください。

## crates/actions/src/postgres/upgrade.rs

is-on-postgres-but-not-ready-yet-462a = { $name } は Postgres { $version } ですが、まだ準備できていません
has-stopped-following-and-is-on-postgres-waiting-662e = { $name } はフォローをやめ、Postgres { $version } です。{ $version_2 } になるのを待っています
has-stopped-following-but-heroku-does-not-say-4a1d = { $name } はフォローをやめましたが、そのバージョンを Heroku が hcops の知る形で示していません。
is-on-postgres-3401 = { $name } は Postgres { $version } ですか？（`{ $shown_by }`）
upgrade-to-postgres-it-stops-following-becomes-writable-705a = { $database } を Postgres { $version } にアップグレードする：{ $leader } のフォローをやめ、書き込み可能になり、再びフォローさせることはできない
is-untouched-turn-back-with-hcops-abort-which-7198 = { $leader } は無傷です。`hcops abort` で中止して戻せば、引き続き { $leader } を使えます。スキーマが 1,000 個、またはオブジェクトが 10,000 個を超えると、アップグレードが失敗することが知られています。原因は Heroku サポートが確認できます。
and-not-it-is-not-the-follower-of-baa5 = { $database } の状態：{ $spoken }。フォロー先が { $leader } ではなく、この計画のフォロワーではありません。
it-is-not-upgraded-find-out-who-changed-49e5 = これはアップグレードしません。誰が変更したかを調べ、`hcops abort` で中止して戻し、計画を立て直してください。
follows-nothing-no-upgrade-is-under-way-and-481b = { $database } は何もフォローしておらず、進行中のアップグレードもなく、Postgres は { $version_2 } ではなく { $version } です。フォローが解除されたか、アップグレードが成功せずに終わっています。
it-misses-what-was-written-to-since-turn-3afa = その後 { $leader } に書き込まれたものがありません。`hcops abort` で中止して戻し（引き続き { $leader } を使います）、最初からやり直してください。

## crates/actions/src/postgres/upgrade_in_place.rs

follows-another-database-now-the-request-would-end-9225 = { $name } は今、別のデータベースをフォローしています。要求を送ると、アップグレードではなくフォローの解除になります。
it-is-not-sent-find-out-who-changed-3a42 = 要求は送りません。誰が役割を変更したかを調べ、`hcops abort` で中止して戻し、計画を立て直してください。
is-on-postgres-waiting-for-044a = { $name } は Postgres { $version } です。{ $version_2 } になるのを待っています
heroku-does-not-say-in-a-form-that-aa45 = { $name } のバージョンを、Heroku が hcops の知る形で示していません。
heroku-does-not-know-it-any-more-d909 = Heroku にはもう存在しません
is-on-postgres-2451 = { $follower } は Postgres { $is } です
heroku-does-not-say-in-a-form-that-e71d = バージョンを Heroku が hcops の知る形で示していません
is-on-postgres-waiting-for-its-followers-8a78 = { $database } は Postgres { $version } です。フォロワーを待っています：{ $late }
upgrade-to-postgres-in-place-the-only-copy-23de = { $database } をその場で Postgres { $version } にアップグレードする：データの唯一のコピーがアップグレードされる
upgrade-its-followers-with-it-bdeb = フォロワーも一緒にアップグレードする：{ $followers }
ask-herokus-support-at-once-with-the-request-113f = `hcops show` に出るリクエスト ID を添えて、すぐに Heroku サポートに問い合わせてください。その間、アプリと同期は静止したままです。データベースは `{ $shown_by }` で確認できます。スキーマが 1,000 個、またはオブジェクトが 10,000 個を超えると、アップグレードが失敗することが知られています。
the-upgrade-of-was-accepted-nothing-is-under-44e3 = { $database } のアップグレードは受け付けられましたが、何も進行しておらず、Postgres は { $version_2 } ではなく { $version } です。
nothing-was-upgraded-heroku-pg-upgrade-wait-a-5208 = 何もアップグレードされていません。Heroku 側の状況は `heroku pg:upgrade:wait { $database } -a { $app }` で確認できます。手動で実行して `retry` と答えるか、アプリと同期を手動で元に戻して最初からやり直してください。
is-on-postgres-but-its-follower-6be1 = { $database } は Postgres { $version } ですが、フォロワー { $database_2 } はそうではありません：{ $what }。
is-on-postgres-or-was-it-removed-on-eee9 = { $database } は Postgres { $version } ですか、または意図して削除されましたか？（`{ $shown_by }`）

## crates/actions/src/postgres/upgrade_scheduled.rs

heroku-runs-the-upgrade-by-itself-at-unless-7982 = { $database }：その前に実行も取り消しもしなければ、{ $at } に Heroku が自動でアップグレードを実行します
the-upgrade-has-run-it-is-on-postgres-b2a2 = { $database }：アップグレードは実行済みで、Postgres { $to } になっています
no-9390 = no
heroku-says-077e = { $database }：Heroku の表示「{ $said }」
heroku-says-in-which-hcops-recognises-no-schedule-cb69 = Heroku の表示は「{ $said }」ですが、hcops はそこに予定を見つけられません。
the-upgrade-of-is-prepared-and-scheduled-and-42e5 = { $database } のアップグレードは準備され、予定に入っています。その日時も把握しています。（`heroku pg:upgrade:wait { $database } -a { $app }`）
no-upgrade-of-is-scheduled-any-more-heroku-93d6 = { $database } のアップグレードの予定はもうありません。Heroku の表示：「{ $said }」。
somebody-has-cancelled-it-or-it-has-run-b2df = 誰かが取り消したか、すでに実行されています。`heroku pg:upgrade:wait { $database } -a { $app }` と `heroku pg:info { $database } -a { $app }` で確認できます。`hcops abort` で中止して戻し、最初からやり直してください。
is-on-its-old-version-turn-back-with-aafa = { $database } は古いバージョンのままです。`hcops abort` で中止して戻してください。原因は Heroku サポートが確認できます。

## crates/actions/src/postgres/writable.rs

look-at-it-with-and-open-a-ticket-d760 = `{ $shown_by }` で確認し、Heroku サポートにチケットを起票してください。
follows-and-can-only-be-read-b516 = { $name } は { $place } をフォローしており、読み取りしかできません。
it-has-to-be-upgraded-or-to-stop-22c9 = 何かを切り替える前に、アップグレードするか、フォローを解除する必要があります。
the-server-of-is-not-ready-for-writes-5790 = { $name } のサーバーは、まだ書き込みの準備ができていません
ready-by-its-wait-status-ca61 = 待機状態（wait status）によれば準備完了
the-status-of-is-a-database-that-can-f658 = { $name } の状態は「{ $other }」です。書き込めるデータベースなら Available と表示されます。
can-be-written-to-fc05 = { $name } に書き込めますか？（`{ $shown_by }`）

## crates/actions/src/quiet.rs

rows-of-more-1c04 = ほか { $tables }の行
added-to-the-trigger-log-8c51 = トリガーログに { $rows } の追加
a-change-of-the-structure-954c = 構造の変更
a-sequence-was-advanced-or-set-0362 = シーケンスの前進または値の設定
what-was-written-cannot-be-told-because-the-eaa5 = サーバーの統計がリセットされたため、何が書き込まれたかは分からない
a-transaction-that-has-written-and-is-still-24df = 書き込みを行い、まだ開いているトランザクション
that-took-an-id-by-sessions-whose-statistics-b3b3 = ID を取得した{ $count }（統計がまだ届いていないセッションによる）
a-transaction-that-is-prepared-or-open-2d2f = プリペアド状態か、まだ開いているトランザクション
whoever-it-was-is-not-connected-any-more-87b5 = 書き込み元はもう接続していない
connected-and-active-bac1 = 接続して活動中：{ $names }
role-from-process-0088 = { $application }（ロール { $user }、接続元 { $address }、プロセス { $pid }）
a-program-without-a-name-f0cf = 名前のないプログラム
a-local-socket-0895 = ローカルソケット

## crates/actions/src/releases.rs

of-leads-to-but-its-release-v-failed-d9fb = { $app } の { $name } は { $name_2 } を指していますが、そのリリース v{ $version } が失敗し、{ $wrong }。
read-its-output-heroku-releases-output-v-a-6bb0 = 出力を読み（`heroku releases:output v{ $version } -a { $app }`）、原因を直してください。{ $put_right }
release-v-of-is-pending-until-it-has-4ed2 = { $app } のリリース v{ $version } は保留中です；成功するまでは { $wrong }
of-leads-to-but-30b4 = { $app } の { $name } は { $name_2 } を指していますが、{ $wrong }
of-leads-to-but-2a8b = { $app } の { $name } は { $name_2 } を指していますが、{ $wrong }。
find-out-why-heroku-releases-a-heroku-config-fa02 = 理由を調べてください（`heroku releases -a { $app }`、`heroku config:get { $url_var } -a { $app }`。後者はパスワードを表示します）。{ $put_right }
then-attach-it-anew-which-makes-the-variable-0245 = その後、アタッチし直し（`{ $attach }`。これで環境設定（config var）と独自のリリースが作られます）、再試行してください。

## crates/actions/src/typed.rs

was-asked-to-act-on-step-but-it-186b = { $name } はステップ { $step } の操作を求められましたが、確認しかしないアクションです
a-read-only-action-changes-nothing-so-there-a13e = 読み取り専用のアクションは何も変更しないため、行える操作がありません。
the-parameters-of-do-not-fit-57d6 = { $name } のパラメーターが合いません：{ $error }
the-plan-was-checked-when-it-was-made-7936 = 計画は立てたときに検査済みなので、これは起こらないはずです。
make-the-plan-again-if-it-happens-again-a69b = 計画を立て直してください。再び起こる場合は、hcops の不具合として報告してください。
the-output-of-cant-be-written-7888 = { $name } の出力を書き出せません：{ $error }
later-steps-refer-to-it-aa10 = 後のステップがこれを参照します。

## src/cli/app_name.rs

no-app-is-named-9964 = アプリが指定されていません
a-procedure-is-about-one-app-neither-a-e0ca = 手順の対象は 1 つのアプリです。-a、-r、HEROKU_APP のいずれにも指定がなく、このディレクトリの git リモートからも設定ファイルからも分かりません。
name-it-with-a-40e9 = -a で指定してください。
resource-is-given-and-several-apps-are-8289 = --resource が指定されていますが、アプリが複数指定されています
a-connection-belongs-to-one-app-so-it-f166 = 接続は 1 つのアプリに属するため、どのアプリで探すのかが決まりません。
look-at-that-app-by-itself-880a = 目的のアプリだけを指定して確認してください。

## src/cli/audience.rs

q-ends-the-watching-s-asks-the-run-74c6 = q で監視を終える  s で実行に停止を頼む

## src/cli/beforehand.rs

its-way-back-d772 = 元に戻す計画
the-plan-of-this-run-d421 = この実行の計画
approve-names-and-the-plan-as-it-would-0eed = --approve の指定は { $given } ですが、今立てると計画のダイジェストは { $digest } になります
exactly-the-plan-that-was-reviewed-is-carried-289a = 実行するのは、レビューされた計画そのものだけです。これは別の計画です。何も行っていません。
look-at-the-plan-as-it-is-now-2180 = 現在の計画を確認してください。手順名の代わりにレビュー済みの計画のファイルを指定すると、差分を表示します。
that-one-is-approved-already-leave-approve-out-6b60 = その計画はすでに承認されています。--approve を外してください。
without-approve-it-is-shown-then-approve-it-fff4 = --approve を外すと計画が表示されます。その後、計画自身のダイジェストで承認してください。
approve-names-and-the-digest-of-is-a3e5 = --approve の指定は { $given } ですが、{ $whose }のダイジェストは { $digest } です
an-approval-is-for-exactly-one-plan-and-8035 = 承認は 1 つの計画だけに対するもので、この実行が行うのは別の計画です。何も行っていません。
approve-names-which-is-the-beginning-of-the-7826 = --approve に指定された { $given } は計画のダイジェストの先頭ですが、短すぎます
so-few-characters-may-be-the-beginning-of-0e36 = これだけの文字では、別の計画のダイジェストの先頭でもあり得ます。何も実行していません。
give-twelve-characters-of-it-at-least-or-d589 = 少なくとも 12 文字、または全体を指定してください。
note-belongs-to-the-runs-own-plan-and-0f10 = 注記：{ $given } は実行自体の計画のためのもので、元に戻す手順では使いません。
note-is-behind-this-run-answer-changes-nothing-9c24 = 注記：{ $id } はこの実行ではすでに過ぎています。--answer { $id } を指定しても、記録は変わりません。
says-when-the-downtime-may-begin-and-this-5e4e = { $flag } はダウンタイムをいつ始めてよいかを指定しますが、このプランは書き込みを止めません
it-would-change-nothing-nothing-was-done-1a38 = 指定しても何も変わりません。何も行われていません。
leave-out-577f = { $flag } を外してください。
note-the-gate-is-behind-this-run-changes-fd92 = 注：この実行はゲートをすでに通過しています。{ $flag } では何も変わりません。
budget-cb13 = { " " }budget { $budget }
does-not-say-when-the-downtime-may-begin-8c0d = { $flag } からはダウンタイムをいつ始めてよいか分かりません：{ $why }
the-run-would-stop-at-the-gate-nothing-94dd = このままでは実行がゲートで止まります。何も行われていません。
give-a-time-as-at-22-00-or-6f0e = 時刻は `--at 22:00`、通常のダウンタイムが収まる時間帯は `--window 22:00-02:00` のように指定してください。
this-plan-has-no-point-of-no-return-bacf = この計画に引き返せない点はありません。--confirm を外してください。
its-point-of-no-return-goes-by-e59c = この計画の引き返せない点の名前は { $name } です。
its-points-of-no-return-go-by-each-34ea = この計画には引き返せない点が { $names } 個あり、名前は { $name } です。それぞれに --confirm が 1 つずつ必要です。
confirm-names-and-no-point-of-no-return-277b = --confirm の指定は { $given } ですが、この計画にその名前の引き返せない点はありません
it-would-open-nothing-and-the-run-would-3b44 = この指定ではどこも通過できず、実行は本来指定するはずだった点で待機することになります。書き込みが停止している間かもしれません。何も行っていません。
did-you-mean-65ae = { $near } のことですか？
no-step-of-this-plan-asks-a-person-27f9 = この計画に、それ自体が人に質問するステップはありません。
steps-of-this-plan-that-ask-a-person-6330 = この計画で人に質問するステップ：{ $asking }。
answer-names-the-question-and-no-step-of-1542 = --answer の指定は質問 { $id } ですが、この計画にその名前のステップはありません
it-would-answer-nothing-and-the-run-would-4c9c = 何への回答にもならず、実行は本来の質問のところで、場合によっては書き込みを止めたまま待機することになります。何も行っていません。
note-the-points-of-no-return-that-go-ede0 = 注記：{ $name } という名前の引き返せない点（{ $all } 個）は、この実行ではすべて越えています：--confirm で通過するものはありません。
note-confirm-is-given-times-and-of-the-e06d = 注記：--confirm { $name } が { $times } 回指定されていますが、この先にあるその名前の引き返せない点は { $left } 個です。
note-points-of-no-return-go-by-and-dfc6 = 注記：{ $name } という名前の引き返せない点が { $left } 個あり、--confirm 1 つで通過できるのは 1 個です；指定された数：{ $times }。足りない場合、実行はそこで待機します。

## src/cli/checkups.rs

looking-at-the-app-dc0f = アプリを確認中

## src/cli/comparison.rs

comparing-contents-of-rows-53f9 = 内容を照合しています：{ $bytes } / { $bytes_in_all }、{ $rows } 行
comparing-sequences-large-objects-and-connects-own-state-d41e = シーケンス、ラージオブジェクト、Connect 自身の状態を照合しています
for-9444 = 、経過 { $duration }
about-left-beae = 、残り約 { $duration }
verdict-11e2 = 判定
compared-6fdb = { $duration }、照合した量 { $bytes }
took-e0a6 = 所要時間
remark-1ffc = 備考
structure-520c = 構造
sequence-bf37 = シーケンス
not-compared-685a = 照合なし
expected-cea2 = 想定内
hint-b80e = ヒント
values-are-hidden-keys-are-not-show-values-f351 = 値は隠し、キーは表示しています。--show-values で値も表示します。
row-5a28 = { "  " }行
more-are-not-shown-rows-shows-more-7e07 = ほか { $rest } 行は省略；--rows で増やせます
pieces-had-been-read-before-and-were-not-8a85 = 前回読み取り済みの { $pieces } 個の区間は、読み直していません
resumed-cf8a = 再開
checkpoint-4732 = チェックポイント{ " " }
not-used-everything-was-read-again-1cdb = 使用せず、すべて読み直しました：{ $why }
could-not-be-written-4792 = 書き込めませんでした：{ $why }
connect-5a63 = connect
tables-have-no-planner-statistics-in-new-run-b8a8 = 新の { $without_statistics } 個のテーブルにプランナーの統計情報がありません：{ $without_statistics_2 }。アプリを稼働させる前に、新で ANALYZE を実行してください。
statistics-49d4 = 統計情報
extension-26f1 = 拡張機能
in-old-in-new-differing-070b = 旧 { $old } 個、新 { $new } 個；不一致：{ $ids }
large-object-7303 = ラージオブジェクト{ " " }
postgresql-collation-data-checksums-56a3 = { $place }、PostgreSQL { $version }、{ $bytes }、{ $encoding }、照合順序 { $collation }、データチェックサム { $data_checksums }
org-of-its-own-newest-id-84e5 = { $schema }：組織 { $new_org }、{ $mapped }、Connect 自身の{ $new_objects }、{ $new_open }、最新の id { $newest_id }
mapped-table-0aa9 = マッピング対象のテーブル { $count } 個
mapped-tables-c836 = マッピング対象のテーブル { $count } 個
open-change-d7cb = 未送信の変更 { $count } 件
open-changes-f449 = 未送信の変更 { $count } 件
in-old-in-new-e517 = { $kind } { $name }{ $fact }：旧 { $old }、新 { $new }
next-in-old-in-new-b7e5 = { $sequence }：{ $trouble }（次の値：旧 { $old_next }、新 { $new_next }）
rows-in-old-in-new-6dd1 = { $table }：旧 { $old } 行、新 { $new } 行
at-least-547e = 少なくとも{ " " }
differ-9a59 = ；不一致 { $at_least }{ $differing } 行
by-c30e = ；方式：{ $words }
differs-8d01 = { $which } が不一致：{ $columns }
the-row-at-603e = 位置 { $place } の行
an-unknown-place-7e50 = 不明
in-old-in-new-f7f4 = { $column }（旧 { $value }、新 { $value_2 }）
hidden-bytes-0a1b = 非表示（{ $bytes } バイト）

## src/cli/config/document.rs

addresses-1844 = { $self } 件の宛先
the-config-file-5b0f = 設定ファイル
an-app-has-a-name-00b7 = アプリには名前が必要です
nothing-is-named-here-fca6 = ここには何も指定されていません
is-none-of-53e9 = `{ $value }` は { $names } のいずれでもありません
not-known-here-c918 = ここでは使えないキーです
nobody-can-be-told-there-3b47 = その宛先には通知できません：{ $bad }
an-address-begins-with-https-for-slacks-form-3b10 = 宛先は https:// で始まります。Slack の形式では slack+https:// で始まります
runs-cant-be-kept-in-a-database-yet-2e55 = 実行をデータベースに保存することはまだできません：その機能は作られていません
an-address-not-a-directory-586d = ディレクトリではなくアドレスです
name-a-directory-leave-journal-out-for-the-13e0 = ディレクトリを指定してください。通常の場所でよければ `journal` を省いてください
a-directory-must-be-named-from-the-root-70a1 = ディレクトリはルートから書くか、`~/` で始めてください
it-would-be-another-directory-wherever-hcops-is-8417 = hcops を呼び出す場所によって別のディレクトリになってしまいます

## src/cli/config/mod.rs

note-others-on-this-machine-can-read-the-fafb = 注意：このマシンのほかの利用者が設定ファイルを読めます。通知先のアドレスにはトークンが含まれることがあります。`chmod 600` で読めなくなります

## src/cli/config/place.rs

it-is-longer-than-1-mib-which-no-0394 = 1 MiB を超えています。hcops の設定ファイルがこれほど大きいことはありません
the-config-file-is-not-utf-8-text-6472 = 設定ファイルは UTF-8 のテキストではありません
here-it-stops-being-text-9985 = ここから先はテキストではありません
what-it-says-is-meant-for-every-command-97ec = 設定ファイルの内容はすべてのコマンドに適用されるため、これなしではどのコマンドも進みません。何も行われていません。
the-config-file-cannot-be-read-dd97 = 設定ファイル { $path } を読めません：{ $error }
correct-its-path-and-permissions-or-name-another-2d06 = パスと権限を直すか、HCOPS_CONFIG で別のファイルを指定してください。
the-config-file-is-wrong-4bff = 設定ファイル { $path } に誤りがあります
correct-what-is-shown-above-docs-config-md-b549 = 上に示した箇所を直してください。すべてのキーは docs/config.md にあります。HCOPS_CONFIG=/dev/null とすると、そのコマンドではファイルを使いません。

## src/cli/database_name.rs

is-the-address-of-a-database-3e7e = { $place } はデータベースのアドレスです
holds-the-address-of-a-database-that-is-fc86 = { $given } に入っているのは、{ $app } のアドオンではないデータベースのアドレスです
what-is-done-here-is-asked-of-heroku-07d6 = ここでの操作は Heroku に要求するもので、Heroku はデータベースをアドオンとして扱います。アドレスにはパスワードが含まれることがあるため、ここには表示しません。
is-neither-a-name-nor-a-database-url-3402 = { $place } は名前でもデータベースの URL でもありません
it-is-not-shown-here-because-it-may-b075 = パスワードを含む可能性があるため、ここには表示しません。

## src/cli/desk.rs

has-mb-whatever-reads-it-takes-a-little-9813 = { $path } は { $bytes } MB あります：これを読み取る処理には少し時間がかかります
note-b319 = 注記：{ $said }
this-takes-a-little-longer-every-wait-has-b06b = { $what }：少し時間がかかっています；どの待ち時間にも上限があります

## src/cli/dispatch.rs

run-a039 = { "  " }コマンド  { $dress }
cannot-start-a8d9 = 起動できません：{ $error }
timers-signals-and-the-network-need-the-operating-f8a5 = タイマー、シグナル、ネットワークには OS の機能が必要です。
check-the-limits-on-open-files-and-processes-648c = オープンファイル数とプロセス数の上限を確認してください（`ulimit -a`）。

## src/cli/document.rs

it-is-not-utf-8-text-1cf0 = UTF-8 のテキストではありません
save-it-as-utf-8-0d5a = UTF-8 で保存してください。
it-is-longer-than-mb-ce16 = { $longest } MB を超えています
check-that-this-is-the-file-that-is-07e7 = 目的のファイルかどうかを確認してください。
it-is-neither-utf-8-nor-utf-16-bc70 = UTF-8 でも、バイト順マーク付きの UTF-16 でもありません
line-column-a4db = { $line } 行 { $column } 列
it-is-empty-3079 = 空です
it-holds-json-but-no-object-03d9 = JSON ですが、オブジェクトではありません
it-is-no-json-see-73ee = JSON ではありません：{ $place } を確認してください
write-it-again-with-the-command-that-made-2277 = 作成に使ったコマンドで、もう一度書き出してください。
cannot-be-used-27a4 = { $path } は使えません：{ $what }
what-is-done-rests-on-it-3da5 = 以降の操作はこのファイルに基づいて行います。

## src/cli/elsewhere.rs

nobody-can-be-told-at-what-hcops-notify-3279 = $HCOPS_NOTIFY の宛先には知らせることができません：{ $bad }
who-waits-for-a-message-that-never-comes-94e0 = 届かない知らせを待っている人は、実行が人を必要としていることに気付けません。
an-address-begins-with-https-for-slacks-form-df9e = 宛先は https:// で、Slack の形式の場合は slack+https:// で始めてください。
finished-and-not-everything-was-seen-as-it-1863 = 終わりましたが、一部は本来の状態を確認できませんでした{ $writes_off }。
done-f1ae = 完了しました{ $writes_off }。
turned-back-and-what-was-before-is-restored-8fb3 = 中止して戻し、元の状態を復元しました{ $writes_off }。
turned-back-but-not-everything-is-restored-398d = 中止して戻しましたが、復元できていないものがあります。
a-look-failed-b59b = 確認に失敗しました。
stopped-nothing-is-lost-778a = 停止しました。失われたものはありません。

## src/cli/execution.rs

nothing-was-begun-and-nothing-was-changed-free-f217 = 何も始めておらず、何も変更していません。そこの空き容量を増やすか、アクセス権を直すか、--state-dir で別の場所を指定してから、初めからやり直してください。
df-h-2cff = df -h { $value }
note-a-run-of-is-not-finished-1aaa = 注記：{ $app } の実行が終わっていません：{ $command }
note-runs-of-are-not-finished-682f = 注記：{ $app } の実行 { $several } 件が終わっていません：{ $command }
only-one-of-the-two-may-be-gone-5b8f = 続行してよいのは、2 つのうち一方だけです。もう一方を誰も続行しないのはなぜですか？
no-process-works-on-the-other-one-and-4bc8 = もう一方を進めているプロセスはなく、今後もありません。
finished-and-not-everything-was-seen-as-it-bde7 = 終わりましたが、一部は本来の状態を確認できませんでした。
aborted-and-what-was-before-is-restored-eb5d = 中止して戻し、元の状態を復元しました{ $writes_off }。
over-a-look-failed-and-nothing-was-changed-c954 = 終了しました：確認に失敗し、何も変更していません（終了コード { $code }）。
aborted-but-not-everything-is-restored-d8d4 = 中止して戻しましたが、復元できていないものがあります。
run-is-not-finished-exit-09fa = 実行 { $short } は終わっていません（終了コード { $code }）。
report-c5a9 = 報告書：{ $report }
writes-were-off-for-794d = ；書き込み停止は { $duration }
the-run-was-opened-against-and-heroku-host-f027 = 実行は { $opened } に対して始められましたが、HEROKU_HOST は今 { $now } を指しています
the-journals-facts-are-about-the-first-place-0753 = ジャーナルの内容は最初の接続先についてのものです。それに基づいて別の接続先を操作すると、害を及ぼすおそれがあります。
set-heroku-host-as-it-was-when-the-24d4 = HEROKU_HOST を、実行を開始したときの値に戻してください。

## src/cli/failure.rs

cannot-0515 = { $path }：{ $verb } できません：{ $error }
the-command-needs-this-file-e144 = このコマンドにはこのファイルが必要です。
check-the-path-and-its-permissions-e091 = パスとアクセス権を確認してください。
two-processes-must-never-work-on-one-run-366d = 1 つの実行を 2 つのプロセスが同時に扱ってはいけません。
the-command-is-about-one-run-a3c2 = このコマンドの対象は 1 つの実行です。
two-folders-of-one-run-know-nothing-of-6683 = 1 つの実行のフォルダーが 2 つあると、互いのことが分かりません。一方が終えたことを、もう一方がもう一度行ってしまいます。
the-journal-is-the-record-of-the-run-accd = ジャーナルは実行の記録です。そこにないことは、起きたかどうか分かりません。
a-plan-is-made-only-from-what-is-c75e = 計画は確かなことだけから立てます。何も行っていません。
correct-it-then-try-again-62e9 = 修正してから、もう一度試してください。
found-48c2 = { $count } { $value }見つかりました
problem-was-b934 = 件の問題が
problems-were-c3b6 = 件の問題が
correct-what-is-shown-above-1f31 = 上に示した箇所を修正してください。

## src/cli/fitting_world.rs

what-this-rehearsal-is-about-240d = このリハーサルの目的

## src/cli/git_remote.rs

the-app-is-taken-from-the-remote-that-d1e2 = アプリは、-r で指定したリモートから決めます。
the-app-is-taken-from-the-remote-that-afc5 = アプリは `git config heroku.remote` が指すリモートからのみ決まり、ほかのリモートは使いません。
no-git-remote-called-names-a-heroku-app-4a66 = Heroku アプリを指す git リモート { $wanted } がありません
remotes-that-do-or-name-the-app-itself-e968 = アプリを指すリモート：{ $listed }。または -a でアプリを直接指定してください。
several-git-remotes-name-heroku-apps-d9b4 = Heroku アプリを指す git リモートが複数あります：{ $listed }
a-procedure-is-about-one-app-and-it-d780 = 手順の対象は 1 つのアプリです。どれかを推測することはしません。
name-the-app-with-a-or-the-remote-0d6b = -a でアプリを、または -r でリモートを指定してください。

## src/cli/in_the_way.rs

is-this-run-begun-although-another-one-is-a5e4 = 別の実行が妨げになっていますが、この実行を始めますか？
both-may-go-on-at-the-same-time-4f17 = 両方を同時に進めても問題ありません。
where-both-may-go-on-at-the-same-4105 = 両方を同時に進めてよければ、そう指定してください：--beside { $run }。
of-two-runs-that-change-the-same-things-5858 = 同じものを変更する実行が 2 つあると、それぞれが相手の行ったことを自分のものとみなします。一方が、もう一方のための静止を終わらせたり、そのデータベースに切り替えたり、それを削除したりするおそれがあります。何も行っていません。
since-17fd = 、{ $at } から
had-it-last-on-since-47d4 = ；最後に進めていたのは { $by }（{ $holder }、{ $at } から）
its-next-step-48fa = ；次のステップ：{ $step }
run-by-of-is-not-finished-and-changes-a51c = 実行 { $run }（{ $app } の { $procedure }、方式 { $method }）は終わっておらず、同じもの（{ $shared }）を変更します。状態：{ $stands }{ $who }{ $step }
both-would-make-the-database-and-the-way-117e = どちらもデータベース { $name } を作成するため、一方を元に戻すと、もう一方のデータベースが削除されます。両方を進めてよければ、この実行には別の名前を選んでください。
it-has-turned-writes-off-for-this-database-781b = その実行はこのデータベースへの書き込みを停止しており、ほかの誰も触れないことを前提にしています。書き込み停止の間は --beside を使えません。
wait-until-it-is-over-or-have-it-5713 = その実行が終わるまで待つか、先に停止させてください：`hcops stop { $run }`。
it-has-changed-nothing-put-it-away-or-3419 = その実行は何も変更していません。片付けるか（`{ $abort }`）、続行してください（`{ $resume }`）。
finish-it-first-it-is-past-a-point-568b = 先にその実行を最後まで進めてください。すでに引き返せない点を越えているため、中止して戻すことはできません。
finish-it-or-turn-it-back-first-a990 = 先にその実行を最後まで進めるか（`{ $resume }`）、中止して戻してください（`{ $abort }`）。
and-it-may-be-a-run-that-changes-8948 = { $not_read }；同じものを変更する実行である可能性があります
where-you-know-that-it-is-over-or-a03e = その実行が終わっているか、今回の実行と無関係であると分かっていれば、そう指定してください：--beside { $run }。
a-run-that-cannot-be-read-is-not-bf75 = 読み取れない実行は、終わっているかどうか分かりません。同期の一時停止や書き込み停止を行い、それを前提にしている可能性があります。何も行っていません。
by-of-0bed = （{ $app } の { $procedure }、方式 { $method }）
the-journal-of-run-cannot-be-read-672f = 実行 { $run }{ $about } のジャーナルを読み取れません：{ $saw }
another-account-of-this-machine-owns-it-as-7eee = `sudo` を使った後のように、このマシンの別のアカウントが所有者になっています。所有者を自分に変更してください。
sudo-chown-r-d5cc = sudo chown -R { $user } { $directory }
when-what-it-did-is-known-to-be-2928 = { $remedy } その実行が行ったことがすべて終わっていると分かっていれば、下のコマンドで片付けてください。移した先では、何にも読み取られません。
mv-a56d = mv { $directory } { $quoted }
and-3ae3 = { $first } と { $last }

## src/cli/methods.rs

there-is-no-such-procedure-00c0 = そのような手順はありません
nothing-can-be-planned-1c50 = 計画を立てられません。
the-database-4510 = データベース
change-the-database-to-one-of-these-tiers-0511 = 先にデータベースを該当するティアに変更してください。ほかの方式はありません。
name-another-method-2211 = 別の方式を指定してください：{ $flags }。
is-of-tier-and-by-is-for-36e6 = { $database } のティアは { $tier } ですが、{ $procedure } の方式 { $method } は { $tiers } 用です
the-steps-of-this-method-do-not-exist-7ce1 = この方式のステップは、このティアのデータベースでは行えません。たとえば Essential にはフォロワーがありません。
methods-8696 = 方式
this-plan-1a7f = この計画
also-possible-d5b0 = 選択可能
not-for-a-database-of-this-tier-20e4 = このティアのデータベースには使用不可
writes-off-way-back-cost-df16 = { $method }（{ $standing }）：書き込み停止 { $downtime }；戻し方：{ $way_back }；費用：{ $cost }。
method-name-chooses-another-one-de69 = { "  " }--method NAME で別の方式を選べます。

## src/cli/operations.rs

it-is-planned-shown-asked-for-and-journalled-e21e = { $examples }手順と同じように、計画・表示・確認・ジャーナルへの記録が行われます。`hcops resume`、`abort`、`show`、`report` はこの実行にも使えます。終了コードは `hcops --help` にあります。次と同じです：   hcops run { $value }{ $inputs }

## src/cli/pauses.rs

no-run-of-this-machine-paused-it-so-8b28 = このマシンの実行が一時停止したものではありません。誰かがダッシュボード、別のコマンド、または別のマシンで行ったか、Heroku が行いました（デモプランで 31 日間新しいデータがない場合）

## src/cli/permissions.rs

the-account-has-on-the-permissions-only-and-7a89 = アカウント { $email } が { $app } に持つ権限は { $has } だけで、{ $needed } が必要です
heroku-would-refuse-a-step-in-the-middle-ca07 = このままでは途中のステップが Heroku に拒否され、より強い権限を持つ人が対応するまで、アプリが静止したままになります。
have-a-person-with-the-permission-manage-give-a06c = `manage` 権限を持つ人に権限を付与してもらうか（`heroku access:update { $email } -a { $app } --permissions deploy,operate`）、別のアカウントでログインしてから、計画を立て直してください。

## src/cli/planning.rs

wait-until-this-is-over-then-plan-again-b936 = これが終わるまで待ってから、計画を立て直してください。
find-out-what-it-means-before-anything-is-3609 = 何かを変更する前に、これが何を意味するか調べてください。{ $ask }
remedy-24f1 = { "  " }対処：{ $remedy }
checks-stand-against-this-plan-bb7c = { $several } 件の事前確認がこの計画を妨げています
a-procedure-begins-only-when-nothing-is-known-3256 = 手順は、妨げになるものが何も見つからないときにだけ始めます。何も変更していません。
clear-what-is-listed-above-then-plan-again-fa88 = 上に挙げたものを解消してから、計画を立て直してください。
the-world-is-not-as-it-was-when-199d = この計画を立てたときから、実際の状態が変わっています
what-was-approved-would-not-be-what-is-43c6 = 承認された内容と行う内容が違ってしまいます。何も行っていません。
look-at-the-difference-make-the-plan-again-991f = 差分を確認し、計画を立て直して、新しい計画の承認を得てください。

## src/cli/procedure_checks.rs

by-4375 = { $value }（方式 { $value_2 }）
checked-by-hcops-doctor-c223 = hcops doctor による確認
it-cannot-be-planned-bda5 = 計画を立てられません：{ $why }

## src/cli/reach.rs

asking-heroku-whose-token-it-is-3542 = トークンの所有者を Heroku に問い合わせ中
note-heroku-does-not-show-whose-token-this-ae6d = 注記：トークンの所有者が Heroku に表示されないため、オペレーターは「{ $unknown }」と表示します：{ $saw }
it-is-larger-than-any-file-of-passwords-9ca4 = パスワードのファイルとしては大きすぎます
it-is-not-a-file-9572 = ファイルではありません

## src/cli/rehearsal.rs

the-rehearsals-world-cannot-be-read-c369 = リハーサルの環境を読み取れません：{ $error }
a-rehearsal-goes-on-in-the-world-that-a7ab = リハーサルは、前回残した環境で続けます。それがないと続けられません。
start-a-new-rehearsal-d5b9 = 新しいリハーサルを始めてください。
a-rehearsal-ends-in-the-world-of-its-9e7d = リハーサルは、そのシナリオの環境の中で終わります。
see-the-runs-2469 = 実行の一覧を確認してください。
this-rehearsal-had-not-begun-its-process-ended-c3ea = このリハーサルは始まっていませんでした：環境ができる前にプロセスが終了しました
nothing-was-rehearsed-and-nothing-is-lost-there-2f3b = 何もリハーサルしておらず、失われたものもありません。続行できる環境がありません。
begin-it-again-hcops-abort-puts-this-one-34b2 = 初めからやり直してください。このリハーサルは `hcops abort` で片付けられます。
the-databases-of-a-rehearsal-6d60 = リハーサルのデータベース
the-databases-of-rehearsals-3e3d = 複数のリハーサルのデータベース
note-that-cant-be-gone-on-with-were-488d = 注記：もう続けられない{ $what }を片付けました（{ $cleared } 件）。
rehearsed-the-plan-the-questions-each-request-that-6863 = リハーサルしたもの：計画、質問、hcops が送る各リクエストと待つ各状態。順序と速さは Heroku のドキュメントのとおりです。上に示した `heroku` コマンドは、実際のアプリに対して実行するはずのもので、今入力するものではありません。
not-rehearsed-real-rows-and-every-check-by-73d3 = リハーサルしていないもの：実際の行、SQL による確認のすべて（PostgreSQL サーバーなしで行ったため、何もコピー・照合されず、失われてもいません）、Salesforce、ほかの人による変更、実データでの所要時間。`scripts/postgres` でサーバーを取得でき、HCOPS_POSTGRES でサーバーのあるフォルダーを指定できます。
not-rehearsed-your-schema-and-your-amount-of-ade1 = リハーサルしていないもの：実際のスキーマとデータ量、実際の Salesforce、ほかの人による変更、Heroku での所要時間。
not-rehearsed-the-fault-which-was-asked-for-3cfc = リハーサルしていないもの：指定されたものの、一度も起こらなかった障害 `{ $fault }`：{ $why }。
not-rehearsed-so-far-the-fault-which-was-f400 = まだリハーサルしていないもの：指定されたものの、まだ起こっていない障害 `{ $fault }`：{ $why }。この障害の指定は、実行を続けるときも有効です。

## src/cli/run_choice.rs

no-run-is-unfinished-59a7 = 終わっていない実行はありません
without-a-name-the-command-is-about-the-ecd1 = 名前を省略すると、終わっていない実行のうち最新のものが対象になります。
name-a-run-finished-ones-can-be-shown-00f6 = 実行を指定してください。終わった実行も、表示と報告書の作成ができます。
there-are-no-runs-c16e = 実行がありません
start-one-or-rehearse-one-without-touching-anything-e457 = 実行を始めるか、何にも触れないリハーサルを行ってください。
fits-runs-1127 = `{ $name }` に当てはまる実行が { $several } 件あります
give-more-of-the-id-as-much-as-77a0 = ID をもっと長く、上に示した分だけ指定してください。

## src/cli/run_list.rs

running-c071 = 実行中
parked-bbe7 = 待機中
interrupted-d512 = 中断
done-a4c3 = 完了
aborted-a2d1 = 中止済み
failed-5d28 = 失敗
running-by-on-d35c = 実行中（{ $by }、{ $place }）
running-by-on-on-asked-it-to-stop-4dcb = 実行中（{ $place } の { $by }）。{ $machine } の { $by_2 } が { $at } に停止を頼みましたが、まだ有効になっていません
parked-96c5 = 待機中：{ $question }
interrupted-its-process-was-gone-after-8d7d = 中断：{ $newest } より後にプロセスがなくなりました
interrupted-stopped-at-its-terminal-at-8861 = 中断：{ $at } に端末で止められました
interrupted-its-process-was-told-to-end-sigterm-7fd1 = 中断：{ $at } にプロセスの終了が指示されました（SIGTERM）
interrupted-its-terminal-was-closed-at-c094 = 中断：{ $at } に端末が閉じられました
interrupted-on-asked-for-it-in-effect-since-cf4b = 中断：{ $machine } の { $by } の求めにより、{ $at } から止まっています
interrupted-asked-for-in-effect-since-4989 = 中断：求めにより、{ $at } から止まっています
unreadable-da3c = 読み取り不能
of-waits-for-an-answer-09a1 = { $app } の { $procedure } は回答を待っています：{ $question }
of-is-not-finished-and-nobody-drives-it-ce6f = { $app } の { $procedure } は終わっておらず、進めているプロセスもありません（{ $why }）
of-goes-on-by-on-1a42 = { $app } の { $procedure } は進行中です（{ $place } の { $by }）

## src/cli/scene.rs

it-is-suspended-as-soon-as-the-act-c2c5 = 進行中の操作が終わりしだい一時停止します。もう一度 Ctrl-Z を押すと、それを待ちません。
suspended-where-it-is-process-nothing-is-lost-3552 = その場で一時停止しました（プロセス { $process }）。失われたものはなく、Heroku が始めたことは続きます。実行は保持されたままです。ここでは `fg` で続き、別の端末からは次の 2 つのコマンドで続けられます：
it-goes-on-and-looks-at-the-world-80c3 = 続行します。まず実際の状態をもう一度確認します。
the-watching-is-suspended-the-run-is-not-c264 = 監視を一時停止しました。実行は止まっていません。`fg` で監視を続けます。

## src/cli/servers.rs

databases-none-f722 = --databases none の指定
databases-real-postgresql-servers-are-installed-here-8dd0 = データベース：実際の PostgreSQL サーバー（ここにあるバージョン：{ $majors }）。
databases-simulated-only-e500 = データベース：シミュレーションのみ（{ $why }）。
databases-required-asks-for-real-servers-under-the-1950 = --databases required は、シミュレーション上のデータベースに実際のサーバーを使うことを求めます。
fetch-servers-with-scripts-postgres-name-the-folder-2643 = `scripts/postgres` でサーバーを取得するか、HCOPS_POSTGRES でサーバーのフォルダーを指定するか、--databases を省いてください。
the-databases-of-the-simulation-are-real-servers-ea83 = このシミュレーションのデータベースは実際のサーバーです。サーバーなしでは正しく続けられません。
correct-what-is-named-hcops-postgres-names-folders-48b9 = 示された点を修正するか（HCOPS_POSTGRES でサーバーのあるフォルダーを指定します）、サーバーなしで始めてください：--databases none。

## src/cli/settings.rs

there-is-no-place-for-runs-5fb6 = 実行を置く場所がありません：{ $error }
the-journal-of-a-run-is-kept-on-ed6c = 実行のジャーナルは、別のプロセスが続きを行えるようにディスクに保存します。
name-a-directory-with-state-dir-e964 = --state-dir でディレクトリを指定してください。
runs-cannot-be-kept-in-a-database-yet-2fe9 = 実行をデータベースに保存することはまだできません：その機能は作られていません
the-address-would-be-taken-for-the-name-1177 = アドレスがディレクトリの名前として扱われてしまいます。
name-a-directory-with-state-dir-hcops-state-c0b8 = --state-dir、HCOPS_STATE_DIR、または設定ファイルの `journal` でディレクトリを指定してください。

## src/cli/status_screen.rs

an-unknown-region-bc09 = 不明なリージョン
app-a172 = アプリ
in-seen-at-467c = { $app }（{ $region }）、{ $at } 時点
connection-b38d = 接続
is-not-shown-to-this-account-f6fc = { $name } はこのアカウントには表示されません
by-begun-by-at-b91b = { $procedure }（方式 { $method }）、{ $by } が { $both } に開始
unfinished-9b56 = 未完了
run-a71f = 実行 { $run }：{ $begun }
whether-a-run-of-this-machine-paused-it-ad9c = このマシンの実行が一時停止したのかどうかは分かりません：実行 { $run } を読み取れません
no-processes-56f1 = プロセスなし
release-v-7105 = 、リリース v{ $version } は { $status }
runs-3503 = { "  " }稼働
maintenance-cdd9 = { $name }：メンテナンスモード { $maintenance }、{ $processes }{ $release }
demo-plan-4dbb = デモプラン
plan-paid-50a1 = { $plan } プラン（有料）
plan-unknown-e40d = プラン不明
is-7b96 = { $name } は { $state }、{ $plan }{ $version }
paused-by-at-run-510a = { $by } が { $both } に一時停止（実行 { $run }）：{ $reason }
uses-c607 = { "  " }接続先
mappings-d1a7 = { "  " }マッピング{ " " }
writes-ffaf = { "  " }書き込み
no-config-var-5b2f = 環境設定（config var）なし
no-database-yet-7f2d = データベース未選択
by-a-config-var-set-by-hand-49f6 = { $addon }、手動で設定された環境設定（config var）による
a-database-that-is-not-attached-to-the-84ff = アプリにアタッチされていないデータベース
nothing-the-config-var-is-not-set-e625 = なし：環境設定（config var）が未設定
not-seen-bcef = 確認できず
schema-4134 = { $key }（{ $leads }）、スキーマ { $schema }
at-work-b5b8 = 処理中 { $working } 個
of-data-synced-42cd = { $all } 個中 { $synced } 個が DATA_SYNCED
wait-by-the-trigger-log-failed-14a0 = トリガーログでは未送信 { $open } 件、失敗 { $failed } 件
wait-736a = 未送信 { $pending } 件
how-many-wait-is-unknown-fdb6 = 未送信の件数は不明
refused-in-24-hours-notification-s-b477 = { $waiting }、24 時間以内の拒否 { $errors } 件、通知 { $notifications } 件
of-unknown-status-4751 = 状態不明
a-follower-181f = 、フォロワー
database-3549 = データベース{ " " }
is-6c42 = { $name } は { $status }、{ $plan }{ $role }{ $availability }
version-a146 = { "  " }バージョン{ " " }
size-4b9e = { "  " }サイズ
unknown-b23a = 不明
follower-7b91 = { "  " }フォロワー{ " " }
behind-by-351c = { $name }、遅れ { $lag }
an-unknown-lag-e879 = 不明
attached-4b1d = { "  " }アタッチ
upgrade-b37e = { "  " }アップグレード{ " " }
heroku-runs-it-by-itself-at-42a1 = Heroku が { $both } に自動で実行します
for-ea09 = 、{ $both }
upkeep-bc91 = { "  " }保守
window-a140 = { $planned }時間帯 { $window }
rollback-57a2 = { "  " }ロールバック{ " " }
upgrade-it-by-or-by-your-mail-from-ce20 = { $act_by }（{ $first }）または { $act_by_2 }（{ $last }）までにアップグレードしてください：どちらになるかは、Heroku から届いたメールで決まります；サポート終了は { $ends } または { $ends_2 }
no-end-announced-that-hcops-knows-of-a814 = hcops の知る限り、サポート終了の発表なし
heroku-removed-it-on-9e87 = Heroku が { $on } に廃止しました
older-than-every-version-with-known-dates-139f = 日付が分かっているどのバージョンよりも古い
nothing-known-of-its-end-bd4a = サポート終了日は不明
to-eb46 = { $both } から { $both_2 } まで：
from-e1f4 = { $both } から：
without-times-that-can-be-read-8b09 = 読み取れる日時なし：
announced-3cf4 = 予告
incident-d419 = 障害
note-edb4 = 注記
more-to-know-hcops-doctor-a-95a6 = ほかに注記 { $notes } 件：`hcops doctor -a { $app }`
nothing-wants-attention-ddd1 = 対応が必要なものはありません。
something-is-broken-now-0a05 = 現在、異常があります。
not-everything-could-be-looked-at-5985 = 確認できなかったものがあります。
something-wants-attention-13fc = 対応が必要なものがあります。

## src/cli/stopping.rs

a-process-has-taken-the-run-and-does-5f5f = 実行を引き受けたプロセスがありますが、保持していることを示していません
only-the-process-that-drives-a-run-can-ced8 = 安全な時点で止められるのは、実行を進めているプロセスだけです。
see-who-it-is-then-ask-again-1fa1 = それが誰かを確かめてから、もう一度頼んでください。

## src/cli/told.rs

run-13b0 = { "  " }コマンド

## src/cli/verbs/answer.rs

recorded-to-go-on-1347 = 記録しました。続けるには：{ $command }

## src/cli/verbs/config.rs

not-set-1aef = 未設定
the-config-file-is-1068 = 設定ファイルは { $path } です
there-is-no-config-file-it-would-be-bf83 = 設定ファイルはありません。置く場所は { $path } です
there-is-no-config-file-and-no-home-1087 = 設定ファイルはなく、それを置けるホームディレクトリもありません
from-the-option-189c = オプション { $name } から
from-the-variable-da9f = 環境変数 { $name } から
from-a-git-remote-of-this-directory-2bcb = このディレクトリの git リモートから
from-b45e = { $path }:{ $line } から
the-default-6d24 = 既定値

## src/cli/verbs/doctor.rs

making-the-checks-of-the-procedures-c558 = 手順の確認を実行中
the-checks-of-the-procedures-c531 = 手順の事前確認
the-app-b4f8 = アプリ { $app }
the-whole-app-b330 = アプリ全体
no-look-from-here-tells-9113 = ここからの確認では分からないこと：{ $blind }。
ok-2689 = 正常
things-were-looked-at-and-are-well-all-8193 = { $well } 項目を確認し、問題ありませんでした（--all で表示します）。
something-is-broken-now-d535 = { $app }：現在、異常があります
something-wants-attention-da75 = { $app }：対応が必要なものがあります
nothing-wants-attention-4207 = { $app }：対応が必要なものはありません
a-part-could-not-be-looked-at-and-3359 = { $seen }；確認できなかった部分があり、ほかにも問題が隠れているかもしれません。
why-3748 = { "  " }理由
remedy-e04f = { "  " }対処
rule-e187 = { "  " }ルール

## src/cli/verbs/operation.rs

written-to-7927 = { $path } に書き込みました。

## src/cli/verbs/plan.rs

surveying-the-app-bd32 = アプリを調査中
making-the-plans-own-checks-a015 = 計画自体の確認を実行中
nothing-was-changed-to-carry-it-out-cb29 = 何も変更していません。実行するには：

## src/cli/verbs/postgres_compare.rs

asking-heroku-for-the-database-51c0 = データベースを Heroku に問い合わせ中
the-result-cannot-be-written-as-json-2174 = 結果を JSON として書き出せません：{ $error }
the-comparison-was-made-but-cannot-be-handed-0301 = 照合は済みましたが、結果を渡せません。
leave-output-json-away-and-report-this-as-c840 = --output json を省いてください。また、これを不具合として報告してください。

## src/cli/verbs/rehearse.rs

faults-fault-name-method-path-nth-kinds-of-d2fb = 障害（--fault NAME[@METHOD PATH#nth]）：{ $faults } ドリフトの種類（--fault drift:KIND[=TARGET]）：{ $drifts }
a-rehearsal-begins-in-the-world-of-a-b0f8 = リハーサルは、シナリオの環境から始まります。
a-fault-that-cannot-strike-would-rehearse-nothing-c04a = 起こりえない障害では、何のリハーサルにもなりません。
a-speed-is-a-number-greater-than-0-401f = 速度は 0 より大きい数で指定します

## src/cli/verbs/report.rs

the-report-of-run-is-in-1785 = 実行 { $run } の報告書：{ $path }

## src/cli/verbs/run.rs

the-plan-is-for-and-a-names-ab45 = 計画は { $app } のものですが、-a の指定は { $app_2 } です
a-plan-is-about-the-app-that-it-59f4 = 計画は、それを立てたアプリだけに使えます。
leave-a-out-or-make-a-plan-for-ebd6 = -a を省くか、もう一方のアプリの計画を立ててください。

## src/cli/verbs/runbook.rs

by-6e0b = { $procedure }、方式 { $method }

## src/cli/verbs/runs.rs

there-are-no-runs-this-makes-one-without-5102 = 実行はありません。次のコマンドは、何にも触れずに実行を 1 つ作ります：
a-rehearsal-no-real-account-was-touched-1ce7 = * リハーサル：実際のアカウントには触れていません
cannot-be-read-d404 = { $short } を読み取れません：{ $saw }
it-never-began-nothing-was-done-and-it-5952 = { "  " }始まりませんでした：何も行っておらず、誰の妨げにもなりません。
its-last-line-says-that-it-is-over-eec2 = { "  " }最後の行に、終わったと記録されています：誰の妨げにもなりません。

## src/cli/verbs/show.rs

next-5693 = 次：
parked-it-needs-an-answer-db9e = 待機中：回答が必要です
by-against-33d1 = { $moment }、{ $opened_by } が開始、対象 { $origin }
run-acba = 実行
standing-8acc = 状況
opened-5023 = 開始
newest-1871 = 最新
plan-6487 = 計画
writes-5319 = 書き込み
journal-81dd = ジャーナル
were-off-for-f549 = { $off } 停止していました
off-for-at-the-newest-line-and-still-8549 = 最新の行の時点で { $off } 停止、現在も停止中
off-for-and-still-off-b1dc = { $off } 停止、現在も停止中
skipped-3895 = 飛ばした
underway-8ba1 = 進行中
next-c6c1 = 次
a-persons-answer-16ff = 人の回答
when-writes-may-go-off-f766 = 書き込みを止めてよい時：`{ $opening }`
its-effect-to-show-c2a1 = 効果が現れること
waits-for-since-ad19 = 待っています：{ $what }（{ $since } から）
waits-for-since-usually-02a5 = 待っています：{ $what }（{ $since } から、通常 { $duration }）
no-way-leads-back-any-more-only-forward-3bc5 = もう元には戻せません：{ $lost } 先へ進むしかありません。
it-is-on-its-way-back-1fd1 = 元に戻している途中です。
what-was-done-can-be-undone-8974 = 行ったことは元に戻せます：

## src/cli/verbs/simulator.rs

the-simulator-begins-in-the-world-of-a-7443 = シミュレーターは、シナリオの環境から始まります。
a-fault-that-cannot-strike-would-show-nothing-6a1d = 起こりえない障害では、何も確かめられません。
cannot-serve-on-127-0-0-1-066d = 127.0.0.1:{ $port } で待ち受けられません：{ $error }
all-of-the-simulated-heroku-is-behind-this-7b33 = シミュレーション上の Heroku は、すべてこの 1 つのポートの背後にあります。
name-another-one-with-port-or-0-for-6fcf = --port で別のポートを指定してください。0 なら空いているポートを使います。
scenario-at-ctrl-c-ends-it-e006 = シナリオ { $scenario }：{ $origin }。Ctrl-C で終了します。

## src/cli/verbs/stop.rs

not-waited-for-any-longer-the-request-stays-fd9f = これ以上は待ちません。頼んだことは残ります。
it-is-still-at-work-an-act-in-67a7 = まだ動いています。進行中の操作を先に終わらせます。{ $machine } で `kill { $pid }` をしても早くはなりません。
requested-of-on-it-stops-at-its-next-84f9 = { $place } の { $by } に頼みました。次の安全な時点で止まります。
it-stands-still-already-9ecd = すでに止まっています（{ $stands }）。
in-effect-it-stands-still-bd15 = 有効になりました。止まっています（{ $stands }）。

## src/cli/verbs/watch.rs

nobody-drives-it-since-0479 = { $moment } から進めているプロセスがありません。{ $told }
nobody-drives-it-since-its-process-is-gone-ace0 = { $moment } から進めているプロセスがありません。プロセスがなくなっています。
watching-q-ends-the-watching-s-asks-the-e3de = 監視中：`q` で監視を終え、`s` で次の安全な時点での停止を頼みます。
not-asked-the-run-goes-on-7eb7 = 頼んでいません。実行は続きます。
the-watching-ends-the-run-goes-on-f897 = 監視を終えます。実行は続きます。
ask-the-run-to-stop-at-its-next-a151 = 次の安全な時点での停止を頼みますか？ y/n
requested-of-on-in-effect-once-it-says-d58b = { $place } の { $by } に頼みました。停止したと記録された時点で有効になります。
it-stands-still-already-9a05 = すでに止まっています。

## src/cli/verbs/windows.rs

asking-the-status-sites-e335 = ステータスサイトに問い合わせ中
elsewhere-7b1b = 他の地域
note-the-region-of-could-not-be-seen-cf0b = 注記：{ $app } のリージョンを確認できなかったため、すべてのリージョンを対象にします：{ $saw }
overlaps-2db2 = 重なる
read-this-f233 = 要確認
not-read-a1ff = 読めず
nothing-is-announced-safe-to-start-982d = 予告はありません。開始しても安全です：{ $span }。
nothing-that-is-announced-overlaps-safe-to-start-e648 = 重なる予告はありません。開始しても安全です：{ $span }。
not-known-to-be-safe-906a = 安全とは確認できません：{ $span }。
no-end-told-usually-at-most-45-minutes-91a4 = { $both }、終了時刻は未発表（通常は最長 45 分）
no-times-that-a-program-can-read-6885 = プログラムが読み取れる日時なし
without-the-status-sites-nothing-is-known-about-e404 = ステータスサイトが読めないと、予告されたメンテナンスについて何も分かりません。
look-at-https-status-heroku-com-yourself-or-2d61 = https://status.heroku.com を自分で確認するか、もう一度試してください。

## crates/database/src/collations.rs

in-wrong-order-f7b6 = 順序が誤っているもの
in-order-ca2a = 順序が正しいもの：{ $names }
not-checked-aed9 = 確認していないもの：{ $names }
amcheck-says-abb9 = amcheck の結果：{ $flatten }。
which-of-them-are-really-wrong-amcheck-would-9cc2 = 実際に誤っているものは amcheck で分かります（`CREATE EXTENSION amcheck` の後、それぞれに `SELECT bt_index_check('INDEX')`。クレデンシャルに権限がある場合）。すべて作り直すのであれば、確かめる必要はありません。
are-sorted-by-the-systems-collation-library-version-874c = { $value }（{ $name } など）の並び順は、システムの照合順序ライブラリ（{ $collation } のバージョンは { $version }）によります。アップグレード後のサーバーでバージョンが異なる場合は、使う前に作り直す（REINDEX）必要があります。hcops が確認し、該当するものをそれぞれコマンドとともに示します。
n-1-index-on-text-a9f0 = テキストのインデックス 1 個
indexes-on-text-cde2 = テキストのインデックス { $decided } 個
and-more-2df7 = 、ほか { $rebuild } 個
indexes-on-text-may-be-wrong-though-every-9512 = 行はすべてありますが、テキストのインデックスが正しくない可能性があります：照合順序 { $collation } のバージョン { $built_under } で作られましたが、システムのバージョンは今 { $now } です。何かに使われる前に作り直し、その後でバージョンを記録してください（`ALTER DATABASE … REFRESH COLLATION VERSION`）：{ $statements }{ $more }。

## crates/database/src/column.rs

double-precision-df5e = double precision
character-varying-325e = character varying

## crates/database/src/compare/beforehand.rs

sequence-ded4 = シーケンス { $title }
large-objects-7cb4 = ラージオブジェクト
the-credential-may-not-read-it-482d = このクレデンシャルには読み取り権限がありません
row-level-security-hides-rows-from-the-credential-5f3c = 行レベルセキュリティにより、このクレデンシャルから見えない行があります
it-is-unlogged-and-holds-a-follower-never-749e = unlogged で、{ $rows }が入っています：フォロワーには引き継がれないため、新しいデータベースはその行がない状態で始まります
a-materialised-view-the-copy-fills-it-anew-3cca = マテリアライズドビューです：コピーが中身を作り直します
n-1-row-07c3 = 1 行
more-than-rows-473a = { $counted } 行を超える行

## crates/database/src/compare/canonical.rs

canonical-row-hash-0a4a = 正規化した行のハッシュ
hash-of-the-rows-text-4c1c = 行のテキストのハッシュ
row-count-59c1 = 行数

## crates/database/src/compare/checkpoint.rs

it-cannot-be-read-339d = 読み取れません
another-version-of-hcops-wrote-it-2b5e = 別のバージョンの hcops が書いたものです
it-cannot-be-shown-that-the-old-database-a492 = 旧データベースがその後変わっていないことを示せません
it-cannot-be-shown-that-the-new-database-2af4 = 新しいデータベースがその後変わっていないことを示せません
other-tables-are-compared-or-in-another-way-cbcc = 照合するテーブルか、照合のしかたが違います

## crates/database/src/compare/checkpoint_file.rs

another-comparison-uses-it-e98d = 別の照合が使用中です
it-holds-something-that-hcops-did-not-write-d97c = hcops が書いたものではない内容があります
the-checkpoint-cannot-be-used-9b0a = チェックポイント { $path } は使えません：{ $why }。
what-was-read-would-not-be-kept-there-8bff = 読み取った内容が保存されないため、照合が中断すると最初からやり直しになります。
name-another-file-or-leave-the-checkpoint-away-5b2f = 別のファイルを指定するか、チェックポイントの指定を省いてください。

## crates/database/src/compare/comparison.rs

table-0d4f = テーブル
materialised-view-9cdd = マテリアライズドビュー
in-structure-6c6d = 構造 { $structure } 件
in-connects-own-state-d800 = Connect 自身の状態 { $connect } 件
no-difference-found-in-a169 = 不一致は見つかりませんでした；確認対象：
differences-found-looked-at-ac28 = 不一致が見つかりました：{ $found }；確認対象：
by-26c4 = 、方式 { $methods }
and-connects-own-state-d93c = 、Connect 自身の状態
the-contents-of-rows-were-not-looked-at-38dd = ；行の内容は未確認
and-7cc1 = 、{ $views }
materialised-view-160b = マテリアライズドビュー { $count } 個
materialised-views-ed75 = マテリアライズドビュー { $count } 個
and-in-structure-0a29 = { $tables }{ $also }、{ $rows }{ $by }；構造、{ $sequences }{ $connect }{ $contents }
sequence-23be = シーケンス { $count } 個
sequences-4b2f = シーケンス { $count } 個
left-out-because-nothing-can-be-missing-there-cd34 = 欠けるものがありえないため除外したもの

## crates/database/src/compare/connect_side.rs

connects-state-in-3b68 = { $schema } にある Connect の状態
in-e1b9 = （{ $schema }）
the-org-of-connect-b77d = Connect の組織{ $which }
no-such-schema-of-connect-is-in-both-d28d = そのような Connect のスキーマは、両方のデータベースに共通しては存在しません
hcmeta-names-the-org-and-the-connections-is-4f11 = _hcmeta の組織は { $named } ですが、接続の組織は { $expected } です
connects-state-in-c651 = { $schema }.{ $table } にある Connect の状態
the-org-of-connect-in-683a = { $schema } にある Connect の組織
hcmeta-does-not-name-one-470f = _hcmeta に組織が記録されていません
hcmeta-names-the-org-in-old-and-in-65da = _hcmeta の組織が、旧は { $old }、新は { $new } です
on-one-side-only-fbea = ；片方にだけあるもの：{ $ids }
open-changes-in-the-trigger-log-in-old-6c91 = トリガーログの未送信の変更：旧 { $rows } 件、新 { $rows_2 } 件{ $which }
gives-out-next-but-log-and-archive-already-3b51 = { $sequence } の次の値は { $new_next } ですが、ログとアーカイブにはすでに { $newest_id } まであります
the-newest-systemmodstamp-is-in-old-in-new-3e95 = { $table }：最新の systemmodstamp が、旧は { $newest }、新は { $newest_2 } です
rows-without-sfid-in-old-in-new-237d = { $table }：sfid のない行が、旧は { $without_sfid } 行、新は { $without_sfid_2 } 行です

## crates/database/src/compare/crew.rs

a-part-of-the-comparison-ended-unexpectedly-c759 = 照合の一部が予期せず終了しました：{ $what }。
the-comparison-is-not-complete-a0b2 = 照合は完了していません。
report-this-nothing-was-changed-3341 = これを報告してください。何も変更していません。

## crates/database/src/compare/locate.rs

left-200-73da = left({ $text }, 200)

## crates/database/src/compare/pairing.rs

both-databases-do-not-have-them-with-the-af66 = 両方のデータベースに同じ型では存在しません
a-foreign-table-holds-no-rows-of-its-defc = 外部テーブルは自身の行を持ちません
the-credential-may-not-read-it-and-it-1259 = このクレデンシャルには読み取り権限がなく、どちらの側でも空です
the-materialised-view-is-not-populated-9d84 = マテリアライズドビューにデータが入っていません
in-old-and-in-new-bring-rows-of-391d = 旧の { $version } と新の { $version_2 } は、それぞれ独自の行を持ち込みます
it-belongs-to-the-extension-e1a4 = 拡張機能 { $name } のものです：{ $why }
rows-of-that-belong-to-the-extension-c901 = { $title } の行のうち、拡張機能 { $name } のもの
only-40ef = only { $quoted } { $alias }
and-1d51 = { " " }and ({ $condition })
refreshed-by-the-copy-2500 = コピーによりリフレッシュ済み

## crates/database/src/compare/rows.rs

a-row-without-key-hash-or-place-8eb0 = キー、ハッシュ、位置のいずれかがない行
is-no-hash-405d = { $hash } はハッシュではありません
too-many-rows-differ-to-hold-them-in-0cac = 不一致の行が多すぎて、メモリに保持できません

## crates/database/src/compare/run.rs

data-checksums-2df4 = データチェックサム
the-holds-other-rows-than-in-old-as-602b = { $word } { $table } の行は旧と異なりますが、想定どおりです：{ $why }。
transactions-were-begun-on-the-database-while-it-d768 = 照合中に { $name } データベースでトランザクションが開始されました。ここでの結果はスナップショットの時点についてのみ有効で、まだ何かが書き込んでいる可能性があります。
the-database-was-read-at-moments-because-its-a4e5 = { $name } データベースは、異なる { $moments } 時点で読み取りました。接続が切れ、つなぎ直すまでに状態が進んだためです。各テーブルはそのうちの 1 時点で読み取っています。
it-is-unlogged-rows-in-old-none-in-a18a = unlogged です：旧は { $rows } 行、新は 0 行；フォロワーには行が引き継がれません
both-urls-name-the-same-database-58dc = 2 つの URL が同じデータベース { $place } を指しています。
a-database-never-differs-from-itself-so-the-f22b = 同じデータベース同士は必ず一致するため、照合しても何の証明にもなりません。
give-the-old-database-and-the-new-one-1ba8 = 旧データベースと新しいデータベースを指定してください。

## crates/database/src/compare/sequences.rs

it-belongs-to-an-extension-of-another-version-7fbd = 別のバージョンの拡張機能のものです
it-is-values-ahead-of-the-old-one-153f = 旧より { $ahead } 進んでいます（想定は最大 { $allowed }）
it-is-set-back-it-gives-out-next-c911 = 値が戻っています：次の値は { $new }、旧は { $old } です
the-highest-value-in-is-so-none-is-55d4 = { $column } の最大値は { $highest } なので、同じ値が 2 度払い出されることはありません
holds-none-of-these-values-or-no-index-9e67 = { $column } にはこれらの値がないか、それを調べられるインデックスがありません
no-column-owns-it-so-make-sure-that-8280 = 所有する列がないため、間の値が使われていないことを確かめてください
the-sequence-gives-out-next-and-in-the-d9d5 = シーケンス { $title } の次の値は { $new } で、旧データベースでは { $old } です。旧データベースの値は先に飛んでいますが、クラッシュ後に再起動したサーバーやフェイルオーバーしたサーバーではそうなります（値は一度に { $logged_ahead } 個ずつログに記録されます）：{ $in_use }。

## crates/database/src/compare/tally.rs

a-tally-of-cannot-be-read-f69f = { $line } の集計を読み取れません

## crates/database/src/connect/address.rs

it-is-not-a-url-4395 = URL ではありません
it-does-not-begin-with-postgres-1a96 = postgres:// で始まっていません
its-parameter-is-not-supported-10f9 = パラメーター `{ $name }` には対応していません
the-value-of-its-parameter-is-none-that-08ea = パラメーター `{ $name }` の値は、PostgreSQL が受け付けるものではありません
user-password-host-port-and-name-cannot-be-c511 = ユーザー、パスワード、ホスト、ポート、名前を区別できません
disable-e9d8 = disable
require-c4d0 = require
its-sslmode-is-none-of-disable-prefer-require-62af = `sslmode` が disable、prefer、require、no-verify、verify-ca、verify-full のいずれでもありません
the-database-url-cannot-be-read-8cfc = データベースの URL を読み取れません：{ $what }。
without-it-the-database-cannot-be-reached-d076 = これがないと、データベースに接続できません。
give-a-url-of-the-form-postgres-user-27cf = postgres://USER:PASSWORD@HOST:PORT/NAME の形式で、アプリの環境設定（config var）にあるとおりに URL を指定してください。

## crates/database/src/connect/encryption.rs

the-certificates-that-the-databases-url-asks-for-9473 = データベースの URL が求める証明書を使えません：{ $what }。
without-them-the-servers-identity-cannot-be-verified-93c5 = 証明書がないとサーバーの身元を検証できません。URL はその検証を求めています。
correct-sslrootcert-in-the-url-or-leave-verification-a18a = URL の sslrootcert を修正するか、sslmode=require にして検証を省いてください。

## crates/database/src/connect/plain.rs

the-server-asks-for-the-password-in-clear-c5fb = サーバーがパスワードを平文で求めています

## crates/database/src/connect/refusal.rs

at-4ca0 = { $doing }（{ $place }）：{ $said }。
hcops-reads-the-database-with-the-credential-of-a2c6 = hcops は、アプリの環境設定（config var）のクレデンシャルでデータベースを読み取ります。
check-that-the-config-var-is-current-a-d171 = 環境設定（config var）が最新であること（ローテーションで変わります）と、クレデンシャルがまだ存在することを確認してください。
what-is-to-be-read-is-not-there-226b = 読み取る対象がありません。
check-that-the-url-names-the-right-database-dc1a = URL が正しいデータベースを指していることと、スキーマが接続のものであることを確認してください。
all-connections-of-the-databases-plan-are-in-2386 = データベースのプランで使える接続数をすべて使い切っています。
end-sessions-that-are-not-needed-or-read-8bd1 = 不要なセッションを終了するか、同時に使う接続を減らして読み取ってください。
the-statement-took-longer-than-the-limit-that-f639 = SQL 文が hcops の定めた制限時間を超えました。確認がデータベースに長く負荷をかけないための制限です。
look-what-keeps-the-database-busy-then-try-8d6d = データベースが何で忙しいのかを確認してから、もう一度試してください。
another-session-holds-a-lock-on-what-was-4d1c = 読み取る対象を別のセッションがロックしています。待つと、hcops の後ろでほかの処理まで待たせることになります。
look-who-holds-it-heroku-pg-locks-let-23dc = ロックの保持者を確認し（heroku pg:locks）、終わるのを待つか終了させてから、もう一度試してください。
the-server-broke-the-question-off-as-a-1dc3 = サーバーが問い合わせを打ち切りました。フォロワーでは、再生中の変更が読み取り中のものを消すときに起こります。
try-again-on-a-follower-when-the-leader-eead = もう一度試してください。フォロワーの場合は、リーダーの負荷が落ち着いたときに試してください。
the-connection-was-lost-or-could-not-be-8263 = 接続が切れたか、接続できませんでした。これだけでは、データについては何も言えません。
try-again-if-it-persists-look-at-the-8162 = もう一度試してください。続くようなら、データベースの状態と、ここからそこまでのネットワークを確認してください。
the-database-would-not-answer-the-question-5839 = データベースが問い合わせに応じませんでした。
correct-what-it-names-then-try-again-22b6 = 示された点を修正してから、もう一度試してください。

## crates/database/src/connect/session.rs

there-is-no-row-8dfa = 行がありません
the-server-does-not-tell-its-version-7839 = サーバーがバージョンを返しません
a-question-to-the-database-failed-f7fc = データベースへの問い合わせに失敗しました
hcops-lets-no-question-take-longer-than-minutes-b7ac = hcops は、{ $as_secs } 分を超える問い合わせを打ち切ります。
did-not-answer-a-question-within-s-be78 = { $as_secs } 秒以内に問い合わせに応答しませんでした
the-answer-of-cannot-be-read-d544 = { $place } の応答を読み取れません：{ $what }。
hcops-does-not-guess-what-a-database-said-5426 = hcops は、データベースの応答を推測で解釈することはしません。
report-this-with-the-servers-version-nothing-was-41c0 = サーバーのバージョンを添えて報告してください。何も変更していません。
did-not-let-us-in-within-s-ceef = { $as_secs } 秒以内に接続を受け入れませんでした
the-connection-failed-1d94 = 接続に失敗しました
cannot-be-reached-a5cc = 到達できません（{ $error }）
a-server-that-is-reached-and-keeps-silent-a1ea = 到達できるのに応答しないサーバーは、過負荷か停滞しているか、途中の何かに応答を止められています。これだけでは、データについては何も言えません。
look-at-the-databases-state-heroku-pg-info-9612 = データベースの状態（heroku pg:info、heroku pg:ps）と、ここからそこまでのネットワークを確認してから、もう一度試してください。
asks-for-the-password-in-clear-text-on-27cb = { $place } が、TLS のない接続でパスワードを平文で求めています。
whoever-listens-on-the-way-would-have-the-fcd9 = 途中で盗聴する者がいれば、パスワードを知られてしまいます。パスワードは送信していません。
demand-tls-with-sslmode-require-in-the-url-0f11 = URL の sslmode=require で TLS を必須にするか、サーバーがパスワードを scram-sha-256 で確認するようにしてください。
a-connection-pooler-answers-at-c03a = { $place } で応答しているのはコネクションプーラーです。
this-check-needs-a-server-process-of-its-4f83 = この確認には専用のサーバープロセスが必要です。プーラーはトランザクションごとに別のプロセスを割り当てることがあるため、複数の接続で共有するスナップショット、設定、通知を保てません。
use-the-databases-own-url-from-the-config-5ff5 = 名前に _CONNECTION_POOL を含まない環境設定（config var）にある、データベース自体の URL を使ってください。

## crates/database/src/connect/simulated.rs

is-a-simulated-database-without-a-server-behind-af5a = { $place } は、実際のサーバーを持たないシミュレーション上のデータベースです。
only-a-real-postgresql-server-has-rows-sessions-fa7f = 行、セッション、ログを確認できるのは、実際の PostgreSQL サーバーだけです。
start-the-simulator-where-postgresql-is-installed-script-9ab9 = PostgreSQL のある環境でシミュレーターを起動するか（`scripts/postgres` でサーバーを取得できます）、`--compare none` でデータベースの中の確認を省いてください。

## crates/database/src/extensions.rs

lies-in-the-schema-and-in-of-the-113a = { $name } はスキーマ { $schema } にありますが、新しいデータベースでは { $other } にあります
the-new-databases-server-has-no-b5f1 = 新しいデータベースのサーバーに { $name } がありません

## crates/database/src/inventory/difference.rs

how-the-subscription-reaches-its-publisher-fe51 = サブスクリプション { $subscription } がパブリッシャーに接続する方法
only-a-superuser-may-read-it-ebe6 = スーパーユーザーだけが読み取れます
user-mapping-05fc = ユーザーマッピング
secrets-of-the-cbd9 = { $kind } { $name } の秘密情報
secrets-are-not-read-07ce = 秘密情報は読み取りません
not-null-constraint-e3a3 = NOT NULL 制約
schema-heroku-63c1 = スキーマ _heroku
event-trigger-bb9d = イベントトリガー
schema-public-to-public-4ac1 = スキーマ public（public に対するもの）
character-type-50c7 = 文字種別
collation-provider-14a5 = 照合順序のプロバイダー
collation-rules-e05f = 照合順序の規則
depends-on-a768 = 依存先

## crates/database/src/inventory/queries/elsewhere.rs

where-pg-get-expr-r-prqual-r-prrelid-97f6 = ' where ' || pg_get_expr(r.prqual, r.prrelid)
two-phases-c44d = 二相コミット
stops-on-errors-5a1c = エラー時に停止
needs-a-password-6897 = パスワードが必要
runs-as-its-owner-0552 = 所有者として実行

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

names-the-role-which-the-new-database-has-3b61 = { $by } が指定しているロール { $role } は、新しいデータベースにありません
the-is-and-in-the-new-database-5479 = { $name } は { $fact } ですが、新しいデータベースでは { $fact_2 } です
schema-public-ff06 = schema public
which-not-everybody-may-use-b077 = 誰もが使えるわけではない { $kind } { $name }
the-setting-2b86 = 設定 { $name }

## crates/database/src/lsn.rs

is-no-place-in-the-log-0d85 = { $text } はログ上の位置ではありません

## crates/database/src/past.rs

begin-read-write-commit-135b = begin read write; { $updates } commit

## crates/database/src/replication.rs

read-by-91ff = { $reader } が読み取り中
read-by-somebody-whose-name-may-not-be-1219 = 名前を確認できない誰かが読み取り中
read-by-nobody-now-02f4 = 現在は誰も読み取っていない
has-the-logical-replication-slot-9dd5 = { $old } には論理レプリケーションスロット { $name }（{ $plugin }、{ $reader }）があります
a-major-upgrade-drops-slots-postgresql-keeps-them-3244 = { $what }：メジャーアップグレードでスロットは削除されます（PostgreSQL がスロットを保持するのは 17 以降だけです）。それまでに読み取り側が受け取っていないものは、もう届きません。後でスロットを作り直し（`heroku pg:psql { $old } -a { $app }` で `{ $make }`）、読み取り側ではすべての行を最初から取り込んでください。
the-new-database-has-not-and-its-reader-80d2 = { $what }：新しいデータベースにはなく、読み取り側は、もう何も書き込まれない { $old } を読み続けます。新しいデータベースにスロットを作り（`heroku pg:psql { $new } -a { $app }` で `{ $make }`）、読み取り側をそちらに向けて、すべての行を最初から取り込んでください。その後、{ $old } のスロットを削除してください（`select pg_drop_replication_slot('{ $name }')`）。それまでは、このスロットのためにログが残り続けます。
has-the-publication-and-so-will-but-whoever-516f = { $old } にはパブリケーション { $name } があり、{ $new } にも引き継がれますが、サブスクライブしている側は { $old } を使い続けます。その側で、新しいアドレス（`heroku config:get DATABASE_URL -a { $app }`）を指定した `ALTER SUBSCRIPTION … CONNECTION …` と、`REFRESH PUBLICATION` を実行してください。
enabled-fb9c = 有効
disabled-17eb = 無効
has-the-subscription-3eb2 = { $old } にはサブスクリプション { $name }（{ $is }）があります
before-postgresql-17-an-upgrade-does-not-keep-afae = { $what }：PostgreSQL 17 より前では、どこまで進んでいたかがアップグレードで失われます。後で、続いているかどうかを確認してください（`heroku pg:psql { $old } -a { $app }` で `select * from pg_stat_subscription`）。
and-so-will-both-would-write-what-is-9ad1 = { $what }。{ $new } にも引き継がれるため、別の場所でパブリッシュされたものを、両方が同じスロットから書き込むことになります。切り替えの前に、不要な側から削除してください：`heroku pg:psql { $old } -a { $app }` で `ALTER SUBSCRIPTION { $name } DISABLE; ALTER SUBSCRIPTION { $name } SET (slot_name = NONE); DROP SUBSCRIPTION { $name }`。
what-is-published-elsewhere-goes-on-being-written-7329 = { $what }：別の場所でパブリッシュされたものが書き込まれ続けるため、決して静止しません。また、コピーではサブスクリプションが無効になります。先に無効にし（`heroku pg:psql { $old } -a { $app }` で `ALTER SUBSCRIPTION { $name } DISABLE`）、実行が終わったら { $new } で有効にしてください。

## crates/database/src/rows.rs

has-schema-privilege-n-oid-usage-and-has-bf84 = has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')     and not (c.relrowsecurity and row_security_active(c.oid))

## crates/database/src/silence.rs

stop-role-from-where-it-runs-then-end-c1da = { $application }（ロール { $user }、接続元 { $address }）をその実行元で止めてから、残ったセッションを終了してください：heroku pg:kill { $pid }
a-transaction-is-prepared-and-not-committed-pg-6a04 = 準備されたまま未コミットのトランザクションがあります（pg_prepared_xacts）。準備した側が、コミットするかロールバックしなければなりません。
whoever-wrote-came-and-went-between-the-looks-e1c9 = 書き込んだものは、2 回の確認の間に現れて消えました。one-off dyno、Scheduler のジョブ、Heroku の外のプログラムを調べて、もう一度確認してください。

## crates/engine/src/abort.rs

the-run-is-over-43d3 = 実行は終わっています（{ $verdict }）
look-at-what-it-did-a-procedure-of-bffa = 何を行ったかを確認してください。元の状態に戻すには、専用の手順を使える場合があります。
there-is-nothing-left-to-turn-back-66bd = 戻すものはもうありません。
take-it-up-again-to-finish-the-way-2ef2 = 再開して、元に戻す作業を最後まで進めてください。
a-way-back-has-no-way-back-of-5431 = 元に戻す作業そのものは、取り消せません。
the-run-has-already-turned-back-ff8a = この実行はすでに中止して戻し始めています
the-point-of-no-return-was-passed-at-644c = { $at } に引き返せない点を越えました：{ $name }
what-is-lost-6f3c = 失われるもの：{ $lost }
only-forward-remains-take-the-run-up-again-16fd = 先へ進むしかありません。実行を再開して、最後まで進めてください。
this-version-has-no-action-which-reverses-9c8f = このバージョンには、{ $id } を取り消すアクション `{ $action }` がありません
turn-back-with-the-version-of-hcops-that-2272 = 計画を立てたバージョンの hcops で、中止して戻してください。
the-way-back-would-have-a-gap-5402 = 戻す途中に抜けが生じます。
take-the-run-up-again-until-this-step-e689 = このステップが完了するまで実行を再開し、その後で中止して戻してください。
the-reversal-of-cannot-be-planned-7965 = { $id } を取り消す操作を計画できません：{ $why }
start-the-procedure-again-afterwards-674a = 後で手順を始め直します。
not-taken-back-because-it-was-done-by-8a31 = 手動で行われたため、元に戻していません：{ $title }（{ $way_back }）
was-so-before-the-run-and-stays-so-9a12 = 実行前からの状態なので、そのままにする：{ $title }
taken-back-together-with-09c7 = { $other } とあわせて取り消す：{ $title }
not-taken-back-db00 = 取り消さない：{ $title }（{ $way_back }）

## crates/engine/src/answer.rs

is-not-the-digest-of-the-plan-that-8b9d = `{ $answer }` は、承認する計画のダイジェストではありません
is-not-the-name-that-is-asked-for-d28a = `{ $answer }` は、求められている名前ではありません
does-not-answer-the-question-2c27 = `{ $answer }` は質問 `{ $id }` の回答になりません
a-reason-is-missing-for-skipping-8a2d = `{ $id }` を飛ばす理由がありません
cant-be-when-the-downtime-begins-0157 = `{ $answer }` をダウンタイムの開始とすることはできません：{ $why }
the-plan-was-not-approved-1ae4 = 計画は承認されませんでした
nothing-was-written-an-answer-counts-only-when-ca89 = 何も記録していません。回答は、対象を正確に示したときだけ有効です。
the-question-is-it-takes-705c = 質問：{ $text } 有効な回答：{ $takes }。
what-was-asked-for-in-your-own-words-9dfc = 求められた内容（ご自分の言葉で）
the-plans-digest-8f4c = 計画のダイジェスト { $digest }
the-name-or-to-be-asked-there-db56 = 名前 { $name }、またはそこで確認を受けるための `{ $ask_there }`
the-name-e1ac = 名前 { $name }
now-at-time-or-window-from-to-zone-a4aa = `now`、`at TIME`、`window FROM-TO@ZONE` のいずれか（それぞれ後ろに ` budget 30m` を付けられます）
yes-no-or-a-sentence-of-your-own-20c0 = `yes`、`no`、または「はい」以外に取りようのないご自身の言葉
one-of-7477 = { $answers } のいずれか
happened-or-did-not-happen-6315 = `happened` または `did-not-happen`
it-is-done-c8f0 = 完了
it-was-turned-back-4e05 = 中止して戻した
a-look-failed-56a0 = 確認に失敗
the-run-is-over-at-0985 = この実行は { $to_the_second } に終わっています：{ $how }
it-asks-nothing-any-more-and-goes-on-bdb6 = この実行はもう何も質問せず、何も続けません。何も記録していません。
see-what-it-did-what-is-still-to-e9ea = この実行が行ったことを確認してください。まだ行うべきことには、別の計画が必要です：`{ $again }`。
the-answer-to-cannot-be-taken-now-baf4 = `{ $id }` への回答は今は受け付けられません：{ $objection }
an-answer-is-recorded-only-where-the-run-2b96 = 回答は、そこから実行を続けられる場合にだけ記録します。
take-the-run-up-again-it-asks-anew-e423 = 実行を再開してください。必要なことは改めて質問します。
the-run-waits-for-no-answer-take-it-2c95 = この実行は回答を待っていません。再開すれば、必要なことを知らせます。
open-questions-of-this-run-d4a1 = この実行の未回答の質問：{ $ids }。
nothing-was-asked-under-the-name-2954 = `{ $id }` という名前の質問はありません
an-answer-is-recorded-only-for-a-question-03bb = 何への回答かが記録から分かるように、表示された質問への回答だけを記録します。

## crates/engine/src/drive/age.rs

this-machine-slept-for-476d = このマシンは { $spoken }スリープしていました
the-clock-of-this-machine-was-set-forward-535d = このマシンの時計が { $spoken }進められました
the-clock-of-this-machine-was-set-back-03bc = このマシンの時計が { $spoken }戻されました
what-was-seen-before-may-not-be-so-6d52 = 以前に確認したことは、もうそのとおりではない可能性があります。何かを行う前に、すべてを確認し直します。
nothing-has-to-be-done-now-a-machine-1cf5 = 今、対処は不要です。スリープしないマシン（`caffeinate`、`systemd-inhibit`）か one-off dyno を使えば、書き込み停止は作業に必要な時間だけで済みます。
looking-at-the-conditions-of-the-act-took-b0ff = 操作の条件の確認に { $limit } 秒より長くかかったため、最初に確認した内容が古くなりました
the-act-is-safe-only-while-all-of-171c = この操作が安全なのは、すべての条件が同時に成り立っている間だけです。
find-out-what-answers-so-slowly-the-network-d743 = 応答が遅い原因を調べてください：ネットワーク、プロキシ、または使い切ったレート制限が考えられます。
the-act-was-not-sent-what-it-rests-f946 = 操作は送信しませんでした：前提となる内容を確認してから時間が経ちすぎています
the-world-may-have-changed-since-so-everything-2f70 = その後に状況が変わった可能性があるため、先にすべてを確認し直します。
nothing-has-to-be-done-the-run-looks-d7b5 = 対処は不要です：実行はもう一度確認してから先へ進みます。
min-794c = { $seconds } 分
h-min-d5b8 = { $seconds } 時間 { $seconds_2 } 分

## crates/engine/src/drive/asking.rs

it-changes-nothing-ba46 = 何も変更しません
the-confirmation-that-gave-does-not-count-any-3d38 = { $by } による確認はもう有効ではありません：{ $why }。
this-machine-slept-or-its-clock-was-set-8192 = 書き込みが止まってから、このマシンがスリープしたか、時計が変更されました
what-would-be-done-is-not-what-was-a6c2 = これから行う内容が、そのとき表示された内容と異なります
not-taken-33b5 = 受け付けませんでした：{ $fault }。
stopped-274b = { $title }：停止しました。

## crates/engine/src/drive/driver.rs

finished-but-seen-otherwise-and-attested-by-a-e8d6 = 終了しましたが、確認結果とは異なる証言が人によってなされています：{ $titles }
the-run-went-on-by-that-persons-word-0073 = 実行は、その人の言葉だけを根拠に先へ進みました。その理由と確認された内容は報告書にあります。
see-to-what-was-found-then-look-at-310b = 見つかった問題に対処してから、アプリを確認してください。
turned-back-but-skipped-eeea = 中止して戻しましたが、次を飛ばしました：{ $titles }
what-was-before-is-therefore-not-restored-in-f214 = そのため、元の状態は完全には復元されていません。
do-what-was-skipped-by-hand-then-check-a9b2 = 飛ばした作業を手動で行ってから、アプリを確認してください。
hcops-was-about-to-write-a-line-that-9c1f = hcops が、前の行に続けられない行を書こうとしました：{ $objection }
nothing-was-written-or-done-please-report-this-f5cb = 何も記録せず、何も行っていません。実行の報告書を添えて、hcops の不具合として報告してください。
stopped-everything-that-was-done-is-in-the-33c1 = 停止しました。行ったことはすべてジャーナルにあります。
on-asks-for-it-finishing-first-ctrl-c-bcb8 = { $machine } の { $by } が求めています。先に終わらせます：{ $title }（Ctrl-C ですぐに止まります）
at-the-next-safe-point-finishing-first-ctrl-1318 = 次の安全な時点で止まります。先に終わらせます：{ $title }（もう一度 Ctrl-C ですぐに止まります）
writes-stay-on-until-when-begins-the-downtime-860e = { $opens }（{ $window } の始まり）まで書き込みは有効なままです。ダウンタイムはその時に始まります
writes-stay-on-until-the-downtime-begins-then-bbc2 = { $opens } まで書き込みは有効なままです。ダウンタイムはその時に始まります
goes-off-615a = 止まるもの：{ $titles_of_silence }。
usually-off-for-f1cc = 通常の停止時間は { $duration } です：{ $shares }。
what-was-said-before-does-not-count-any-ce1b = 以前の回答はもう有効ではありません：{ $why }。
writes-stay-on-until-then-for-days-if-bb85 = それまで書き込みは有効なままです（必要なら何日でも）。確認済みのことは改めて確認されます。
writes-of-go-off-here-usually-for-when-d9f6 = ここで { $app } の書き込みが止まります（通常 { $duration }）。いつ始めてよいですか。今すぐ（`now`）、時刻指定（`at 22:00`）、時間帯（`window 22:00-02:00`）。後ろに ` budget 30m` を付けると、それより長くかかる場合に取り消します。
the-other-steps-813b = その他のステップ（{ $duration }）
can-be-turned-back-until-usually-after-writes-c72c = 取り消せるのは「{ $title }」までです（通常、書き込みが止まってから { $duration } 後）。
can-be-turned-back-until-writes-are-back-8143 = 書き込みが再開されるまで取り消せます。
attested-at-and-still-to-be-so-e975 = { $to_the_second } に保証され、今もそのとおりであるべきこと：{ $text }

## crates/engine/src/drive/looking.rs

at-it-was-broken-fc2e = { $to_the_second } に条件が破れました：{ $saw }
that-it-is-kept-again-brings-back-nothing-d569 = 条件が再び守られても、その間に書き込まれたものは何も戻りません。
there-is-no-hold-5018 = 条件 `{ $name }` がありません
has-another-effect-in-this-version-than-in-af06 = `{ $action }` の効果が、このバージョンと計画とで異なります
there-is-no-action-572a = アクション `{ $action }` がありません

## crates/engine/src/drive/names.rs

the-is-called-now-somebody-has-renamed-it-a9c8 = { $what } の { $was } は、今は { $now } という名前です。この実行の開始後、または計画の作成後に、誰かが名前を変えました
the-steps-of-this-run-go-by-the-2369 = この実行のステップは { $was } という名前を使います。別の名前では、何も見ることも変えることもできません。
give-the-its-name-back-then-take-the-7cdf = { $what } の名前を { $was } に戻してから、実行を再開してください。名前の変更は、実行が終わってからにしてください。

## crates/engine/src/drive/questions.rs

what-was-asked-for-in-words-e046 = '求められた内容を、言葉で'
reason-why-it-can-be-left-out-c798 = { $answer } --reason '省いてよい理由'
this-is-a-rehearsal-a-heroku-command-is-0d19 = これはリハーサルです：`heroku` コマンドは、実際のアプリに対して実行するはずのもので、今入力するものではありません。
for-the-real-app-7af3 = 実際のアプリの場合：{ " " }
carry-out-this-plan-for-bf9d = { $app } にこの計画を実行しますか？
turn-back-and-restore-what-was-before-on-64fe = 中止して戻し、{ $app } の元の状態を復元しますか？
nothing-that-is-not-impossible-already-since-a-14fc = この実行はすでに引き返せない点を越えているため、すでにできなくなっていることだけです：{ $lost }
becomes-impossible-4918 = できなくなること：{ $told_lost }
way-back-afterwards-61c7 = その後の戻し方：{ $way_back }
it-is-passed-only-while-every-condition-of-8574 = すべての条件が満たされていることを確認できる間だけ通過します。ここでの回答は、実行が止まったとき、別のプロセスが引き継いだとき、書き込みの停止中にこのマシンがスリープしたとき、または条件が破れたことが確認されたときに無効になり、改めて確認されます。
when-writes-may-go-off-was-said-3047 = 書き込みを止めてよい時は指定済みです：`{ $opening }`
point-of-no-return-in-the-downtime-type-50dc = ダウンタイム中の引き返せない点{ $nth }：{ $title }。到達したときに通過するには { $name } と入力してください。そこで確認を受けるには `{ $ask_there }` と入力してください。
was-said-and-nobody-can-be-asked-there-7a07 = `{ $ask_there }` と答えられましたが、そこでは誰にも尋ねられません。端末がなければ、書き込みを止めたまま実行が停止することになります。そこで尋ねられるようにするには、端末で再開してください。
answer-yes-0060 = { " " }--answer { $id }=yes
the-run-goes-on-however-long-it-takes-d2ff = どれだけかかっても実行を続けます。この質問は繰り返されません。
the-run-turns-back-writes-come-back-and-7794 = 実行を取り消します。書き込みが再開され、元の状態に戻ります。
writes-of-have-been-off-for-and-the-8b76 = { $app } の書き込みは { $off } 止まっており、許容時間は { $budget } です。続けますか。
until-the-point-of-no-return-it-usually-2aac = 引き返せない点まで、ここから通常 { $left } かかります。
without-an-answer-the-run-turns-back-as-bafb = 回答がなければ、許容時間の指定に従って取り消します。
just-observed-holds-b5c0 = 直前の観測：{ $hold } は成立（{ $why }）
just-observed-holds-0a27 = 直前の観測：{ $hold } は成立
point-of-no-return-type-to-go-on-0085 = 引き返せない点{ $nth }：{ $title }。続けるには { $name } と入力してください。
already-behind-the-run-and-not-to-be-5ba4 = この実行がすでに越えており、取り消せないもの：引き返せない点{ $nth }、{ $title }、{ $to_the_second }
leaving-here-writes-stay-off-until-the-run-6d8f = ここで離れる場合：実行を再開する（`{ $resume }`）か、中止して戻す（`{ $abort }`）まで、書き込みは止まったままです。
leaving-here-writes-stay-off-and-the-run-611e = ここで離れる場合：書き込みは止まったままで、実行はもう中止して戻せません：先へ進む方法は `{ $resume }` だけです。
leaving-here-the-run-waits-it-can-go-454e = ここで離れる場合：実行は待機します；再開する（`{ $resume }`）ことも、中止して戻す（`{ $abort }`）こともできます。
leaving-here-the-run-waits-and-can-no-4d41 = ここで離れる場合：実行は待機しますが、もう中止して戻せません：先へ進む方法は `{ $resume }` だけです。
is-this-so-6e9d = { $title }：このとおりですか？
was-shown-then-080f = そのとき表示された内容：{ $one }
the-answer-was-about-something-else-and-does-dc9e = 回答「{ $answer }」は別の内容に対するもので、もう有効ではありません。
if-it-did-not-take-place-it-will-0ce4 = 行われていなければ、これから行います。行われていれば、効果が現れるのを待ちます。
the-act-was-interrupted-and-the-world-shows-617a = { $title }：操作が中断され、実際の状態にその形跡がありません。操作は行われましたか？
it-was-said-to-be-done-by-hand-b358 = 手動で行ったとの回答でしたが、そのとおりかどうかは確認できません。{ " " }
what-was-seen-says-otherwise-so-the-run-cfa4 = { " " }確認された内容はこれと異なるため、実行は検証の失敗（終了コード 15）として終わります。
where-you-have-seen-for-yourself-that-it-c5cb = { $unread }そのとおりであることをご自分で確かめたか、そうなるように対処した場合：理由を付けた `skip` で証言できます。証言はあなたの名前で記録され、それ以降は何も確認し直しません。{ $verdict }
this-takes-longer-than-the-limit-of-7ce2 = { $title }：上限の { $duration } を超えています。
something-must-be-changed-first-8142 = { $title }：先に何かを変更する必要があります。
what-was-seen-cannot-be-understood-from-here-bed4 = { $title }：確認した内容を、ここからは判別できません。
the-state-could-not-be-read-d9ee = { $title }：状態を読み取れませんでした。
it-failed-3add = { $title }：失敗しました。
it-was-tried-several-times-without-success-24ef = { $title }：何度か試しましたが、成功しませんでした。
it-was-said-to-be-done-by-hand-5690 = { $title }：手動で行ったとの回答でしたが、実際の状態には現れていません。
hcops-contradicts-itself-here-b31f = { $title }：ここで hcops の動作に矛盾があります。
a-difference-was-found-e984 = { $title }：違いが見つかりました。
this-is-not-supported-a918 = { $title }：これには対応していません。
what-is-asked-answers-that-it-is-not-c6e6 = { $title }：問い合わせ先が、今は利用できないと答えています。
what-is-asked-cant-be-reached-from-here-99e8 = { $title }：問い合わせ先に、ここからは到達できません。
find-out-54d5 = 調べること：{ $ask }
it-usually-takes-wait-on-or-find-out-c705 = 通常は { $duration } かかります。待ち続けるか、長くかかっている理由を調べてください。
look-at-the-steps-state-then-take-the-f8ab = ステップの状態を確認してから、実行を再開してください。
not-begun-because-this-no-longer-holds-6027 = { $title }：次の条件が成立しなくなったため、開始していません：{ $names }。
it-protects-4563 = { $name }（この条件で守るもの：{ $why }）
going-on-would-lose-it-bb8f = 先へ進むと失われます：{ $lost }
who-could-have-changed-it-anybody-with-access-cb00 = 変更した可能性があるもの：{ $app } にアクセスできる人（`heroku access -a { $app }`）、デプロイや設定変更（`heroku releases -a { $app }`）、または Heroku 自身（`heroku status`）。
the-act-is-safe-only-while-these-conditions-dda4 = この操作は、これらの条件が成立している間だけ安全です。
find-out-who-changed-it-bring-it-back-c4b6 = 誰が変更したかを調べ、元に戻してから実行を再開してください。または `hcops abort` で中止して戻してください。
find-out-who-changed-it-bring-it-back-de6a = 誰が変更したかを調べ、元に戻してから実行を再開してください。元に戻せない場合は、このステップが行うはずのことを手動で行い、`skip` と理由でそれを証言してください。
find-out-who-changed-it-bring-it-back-d99b = 誰が変更したかを調べ、元に戻してから、実行を再開してください。
what-was-written-to-the-old-database-since-bc19 = フォローまたはコピーの後に旧データベースへ書き込まれたものは、新しいデータベースにありません。条件を再び守っても、それが新しいデータベースに入ることはありません。
silence-the-writer-first-then-turn-back-restores-ebea = まず書き込み元を止めてください。そのうえで中止して戻してください：`{ $abort }` で以前の状態に戻り、旧データベースにはすべてがあります。何も書き込まれていないことをデータベース自身が証明する場合は、再開すれば実行は自動で先へ進みます。
the-point-of-no-return-is-behind-this-4fd2 = この実行はすでに引き返せない点を越えています。書き込み元を止めたままにし、足りないものを照合のコマンドで調べて、手動で移してください。
seen-it-is-as-the-step-wants-it-f7ce = 確認結果：ステップが求める状態です。
would-do-06d4 = 行う内容：{ $change }
of-1e46 = （{ $done } / { $of } { $unit }）
intent-written-at-bd08 = 意図 { $attempt } を { $to_the_second } に記録：{ $will }
seen-at-5bec = { $at } の確認結果：{ $output }
read-by-sql-0fb9 = SQL で読み取る対象：{ $database }
no-answer-ad03 = 応答なし
request-status-id-3e8e = リクエスト：{ $method } { $target }、ステータス { $status }、id { $id }
it-is-as-it-should-be-looking-again-d78f = 期待どおりの状態です；そのまま変わらないか、もう一度確認します
the-act-was-made-its-effect-does-not-09db = 操作は行いました；効果はまだ現れていません
the-plan-cannot-be-carried-out-2c09 = 計画を実行できません：{ $why }
a-plan-is-checked-when-it-is-made-95f6 = 計画は立てるときに検査するので、おそらく別のバージョンの hcops で立てたものです。
go-on-with-the-version-that-made-the-c521 = 計画を立てたバージョンで続けるか、新しい計画を立ててください。
rests-on-what-shows-and-a-person-attested-2a74 = 「{ $title }」は「{ $title_2 }」で示されるものを前提としていますが、それは人が証言したか、省いたものです
look-for-yourself-whether-it-is-so-or-ec3b = そのとおりかどうかをご自分で確かめるか、このステップが行うはずのことを手動で行ってください。その後、確かめた内容を理由に書いて、このステップを省いてください。
only-looks-and-step-has-nothing-left-to-d5b2 = `{ $action }` は確認しかしないアクションで、ステップ { $id } には確認することが残っていません
an-action-that-changes-nothing-must-say-what-bb7a = 何も変更しないアクションは、何を待つのか、何が妨げているのか、何が判別できないのかを示さなければなりません。

## crates/engine/src/drive/unanswered.rs

what-was-asked-has-not-answered-yet-42e7 = 問い合わせ先からまだ応答がありません
looking-took-longer-than-s-without-an-end-f8fb = 確認が { $as_secs } 秒を過ぎても終わらないため、打ち切りました
what-is-asked-has-to-answer-within-the-638d = 問い合わせ先は、ステップの制限時間内に応答しなければなりません。確認だけだったため、何も変更していません。
find-out-what-answers-so-slowly-the-network-d5d5 = 応答が遅い原因を調べてください：ネットワーク、プロキシ、データベース、または Heroku（https://status.heroku.com）です。

## crates/health/src/advice.rs

less-than-a-minute-95d4 = 1 分未満
in-e6cc = あと { $days }
day-0501 = { $count } 日
days-4dc5 = { $count } 日
ago-2621 = { $from }前

## crates/health/src/grade.rs

attention-e078 = 要対応
broken-f526 = 異常

## crates/health/src/rules/announced.rs

whether-heroku-has-announced-maintenance-for-this-part-8168 = Heroku がこの地域のメンテナンスを予告しているか
while-connect-is-offline-nothing-is-synced-and-77f6 = Connect がオフラインの間は何も同期されず、一時停止も再開も設定もできません。この時間帯を利用者が変更することはできません。
whether-an-incident-goes-on-at-heroku-7546 = Heroku で障害が続いているか
what-looks-broken-may-be-herokus-and-what-6b57 = 異常に見えるものの原因は Heroku 側かもしれません。また、障害の最中に始めたことは、途中で止まることがあります。
no-maintenance-is-announced-that-is-still-to-007c = これから行われるメンテナンスの予告はありません
an-incident-goes-on-at-heroku-b032 = Heroku で障害が続いています：{ $title }
begin-no-maintenance-until-it-is-over-https-c0ea = 収束するまで、メンテナンスを始めないでください：https://status.heroku.com
it-goes-on-now-49dd = 現在実施中
heroku-has-announced-from-to-1e5a = Heroku が「{ $title }」を予告しています：{ $utc } から { $utc_2 } まで、{ $when }
keep-your-own-maintenance-away-from-it-3235 = 自分のメンテナンスは、これと重ならないようにしてください。
heroku-has-announced-without-times-that-a-program-9ec5 = Heroku の予告があります（プログラムが読み取れる日時なし）：{ $text }
read-it-and-judge-for-yourself-when-that-d2bb = 内容を読み、いつのことかを自分で判断してください。

## crates/health/src/rules/api_version.rs

whether-salesforce-keeps-the-version-of-its-api-663a = 接続が使う Salesforce API のバージョンを、Salesforce が引き続き提供するか
salesforce-refuses-calls-with-a-version-that-it-be23 = Salesforce は、廃止したバージョンでの呼び出しを拒否します。接続のバージョンは誰かが変更するまで変わらず、変更には一時停止が必要で、項目のマッピングをやり直すこともあります。
uses-version-of-the-salesforce-api-5669 = { $name } は Salesforce API のバージョン { $version } を使っています
no-end-of-it-was-announced-as-of-7c8a = { $saw }；{ $as_of } 現在、サポート終了は発表されていません
which-salesforce-retired-with-its-release-it-refuses-892c = { $saw }；Salesforce は { $with } リリースでこのバージョンを廃止しました：このバージョンでの呼び出しは拒否されます
it-may-be-gone-any-day-now-ff21 = ：いつ使えなくなってもおかしくありません
which-salesforce-deprecates-with-its-summer-27-release-15be = { $saw }；Salesforce はこのバージョンを Summer '27 リリース（2027 年 5 月以降）で非推奨とし、Summer '28（2028 年 5 月以降）で廃止します{ $now }
see-what-a-newer-version-would-change-the-c778 = 新しいバージョンで何が変わるかを確認してください：下のコマンドはそれを表示するだけで、何も変更しません。その後、同期を一時停止し（`hcops run sync-pause { $on }`）、同じコマンドを `--confirm { $app }` を付けて実行し、同期を再開してください（`hcops run sync-resume { $on }`）：Connect がバージョンを変更するのは PAUSED の接続だけで、変更後も PAUSED のままです。対応が必要だとコマンドが示したマッピングでは、先に項目を外してから入れ直します。

## crates/health/src/rules/apps.rs

whether-an-app-is-in-maintenance-mode-without-5059 = 実行がないのにアプリがメンテナンスモードになっていないか
in-maintenance-mode-users-see-a-page-that-bed1 = メンテナンスモードでは、利用者にその旨のページが表示されます。手順が途中で終わると、誰も解除していないことがあります。
whether-an-app-runs-nothing-although-it-is-5504 = メンテナンスモードでないのに、アプリで何も動いていないことがないか
an-app-whose-every-process-type-is-at-cdfc = すべてのプロセスタイプが 0 のアプリは何もせず、メンテナンスページも表示しません。
whether-an-apps-newest-release-succeeded-8eff = アプリの最新のリリースが成功したか
every-attachment-makes-a-release-if-its-release-7741 = アタッチメントのたびにリリースが作られます。そのリリースフェーズが失敗すると、アプリには新しい環境設定（config var）が反映されず、DATABASE_URL さえない状態になることがあります。それでも公式コマンドは 0 で終了します。
is-not-in-maintenance-mode-3f8d = { $name } はメンテナンスモードではありません
is-in-maintenance-mode-and-run-is-not-81dc = { $name } はメンテナンスモードで、実行 { $run } が終わっていません
go-on-with-the-run-or-turn-it-8a33 = 実行を再開するか、中止して戻してください。始めたことはその実行が終わらせます。
is-in-maintenance-mode-and-no-run-of-fb3a = { $name } はメンテナンスモードですが、これを対象とする実行がこのマシンにありません
if-nobody-else-works-on-it-end-it-e687 = ほかに誰も作業していなければ、解除してください。
has-3e95 = { $name } には { $dynos } があります
every-process-type-of-is-at-0-62f3 = { $name } のすべてのプロセスタイプが 0 です（{ $types }）
scale-it-up-as-it-was-before-if-c65f = 意図したものでなければ、元の数にスケールしてください。元の数は、最後の実行の `hcops report` で分かります。
release-v-of-is-cc91 = { $name } のリリース v{ $version } は { $status } です：{ $description }
see-why-in-its-output-correct-that-then-01c0 = 出力で原因を確認し、修正してから、もう一度リリースしてください。

## crates/health/src/rules/attachments.rs

which-other-apps-have-the-database-bac0 = ほかのどのアプリがこのデータベースを使っているか
a-promotion-moves-database-on-one-app-only-d268 = 昇格で `DATABASE` が移るのは 1 つのアプリだけです。ほかのアプリは、アタッチメントも移すまで旧データベースに残り、そこに書き込み続けます。
which-connection-poolers-the-database-has-2722 = データベースにどのコネクションプーラーがあるか
a-promotion-moves-a-pooler-only-if-its-8839 = 昇格で移るプーラーは、名前が DATABASE_CONNECTION_POOL と完全に一致するものだけです。ほかは旧データベースに残ります。
which-config-vars-hold-the-databases-address-by-3f16 = データベースのアドレスが手動で設定されている環境設定（config var）
no-promotion-rotation-or-plan-change-changes-a-0ff1 = 昇格、ローテーション、プラン変更のどれも、アドレスの写しは変更しません：それを読むものは、ほかがもう使っていないデータベースや、もう無効なパスワードを使い続けます。
no-other-app-has-f32b = ほかに { $name } を使うアプリはありません
is-attached-to-other-apps-too-be8b = { $name } はほかのアプリにもアタッチされています：{ $others }
hcops-silences-and-moves-them-with-the-others-938e = hcops は、それらもあわせて静止させ、移します。所有者に知らせておく必要があります。
has-poolers-that-a-promotion-leaves-behind-7e8a = { $name } には、昇格で取り残されるプーラーがあります：{ $left }
hcops-moves-those-of-the-default-credential-the-fb57 = hcops が移すのは デフォルトのクレデンシャルのものです。ほかは作り直す必要があります。
no-config-var-holds-the-address-of-by-0552 = { $name } のアドレスが手動で設定された環境設定（config var）はありません
the-address-of-is-held-by-hand-in-db81 = { $name } のアドレスが { $held } に手動で設定されています
attach-the-database-under-a-name-of-its-1476 = データベースを専用の名前でアタッチして、それを読むようにしてください（`heroku addons:attach { $name } --as NAME -a { $app }`）。その後、元の環境設定（config var）を削除してください（`heroku config:unset VARIABLE -a { $app }`）。

## crates/health/src/rules/demo.rs

whether-the-connection-is-on-the-demo-plan-26e1 = 接続がデモプランか
the-demo-plan-polls-every-10-minutes-at-ca88 = デモプランのポーリングは最短でも 10 分間隔で、ログの保持は 7 日間です。新しいデータがないと休止します。
how-near-a-demo-connection-is-to-its-826a = デモの接続が行数の上限にどれだけ近いか
over-10-000-rows-in-all-mappings-together-d726 = 全マッピングの合計が 10,000 行を超えると、デモの接続は同期を停止します。
how-long-a-demo-connection-got-no-new-92dd = デモの接続が新しいデータを受け取っていない期間
without-new-data-from-salesforce-a-demo-connection-dfe9 = Salesforce からの新しいデータがないと、デモの接続のポーリングは 7 日後に 1 時間ごと、14 日後に 1 日ごとになり、31 日後に一時停止されます。その後は凍結され、復活できるのは Heroku サポートだけです。
is-on-the-demo-plan-1a8d = { $name } はデモプランです
for-anything-that-matters-change-to-a-paid-f61e = 重要な用途では、有料プランに変更してください。Heroku との契約が必要です。
holds-of-the-rows-of-the-demo-plan-56bd = { $name } は、デモプランの上限 { $row_limit } 行のうち { $rows } 行を使っています
map-fewer-objects-or-change-to-a-paid-9b14 = マッピングするオブジェクトを減らすか、有料プランに変更してください。
got-no-new-data-from-salesforce-for-6ee6 = { $name } は { $span } にわたって Salesforce から新しいデータを受け取っていません
heroku-pauses-it-now-6882 = Heroku が一時停止する段階です
it-polls-daily-now-6e20 = 現在のポーリングは 1 日ごとです
it-polls-hourly-now-7fed = 現在のポーリングは 1 時間ごとです
got-data-from-salesforce-ago-e84b = { $name } が最後に Salesforce からデータを受け取ったのは { $span } 前です
a-change-of-any-mapped-record-in-salesforce-ea33 = マッピング対象のどのレコードでも、Salesforce で変更すれば新しいデータとみなされます。誰も必要としていなければ、アドオンを削除してください。

## crates/health/src/rules/inside.rs

whether-hstore-is-in-the-schema-public-by-cd53 = hstore がスキーマ public にあるか（SQL による）
connects-trigger-functions-name-public-hstore-a-copy-3731 = Connect のトリガー関数は public.hstore を名指しで使います。別の場所に hstore があるコピーでは関数が壊れ、マッピング対象のテーブルへの書き込みもすべて失敗します。
whether-there-are-too-many-schemas-or-objects-5c0b = アップグレードにはスキーマやオブジェクトが多すぎないか（SQL による）
with-more-than-1-000-schemas-or-10-1ee8 = スキーマが 1,000 個、またはオブジェクトが 10,000 個を超えると、バージョンのアップグレードがメモリ不足になることがあります。
hstore-of-is-in-public-650a = { $name } の hstore は public にあります
hstore-of-is-in-not-in-public-b688 = { $name } の hstore は public ではなく { $other } にあります
see-whether-writes-to-mapped-tables-work-choose-385c = マッピング対象のテーブルに書き込めるか確認してください。コピー先には、hstore が public にあるものを選んでください。
has-no-hstore-which-connects-triggers-use-7be0 = { $name } に、Connect のトリガーが使う hstore がありません
if-connect-made-its-tables-in-this-database-a827 = Connect がこのデータベースにテーブルを作ったのであれば、トリガーは動作しません。Heroku サポートに問い合わせてください。
has-no-hstore-and-no-connection-that-needs-04aa = { $name } に hstore はなく、それを必要とする接続もありません
has-and-8922 = { $name } には { $counted_grouped } と { $counted_grouped_2 } があります
try-the-upgrade-first-a-dry-run-shows-6069 = 先にアップグレードを試してください。ドライランで通るかどうか分かります。または、破棄してもよいフォロワーをアップグレードしてください。

## crates/health/src/rules/maintenance.rs

whether-maintenance-of-the-database-is-planned-or-6660 = データベースのメンテナンスが予定または実施されているか
it-replaces-the-leader-for-a-moment-to-3f89 = メンテナンスではリーダーが置き換わり、一瞬途切れます。Connect にとってはフェイルオーバーと同じですが、手順の途中で起こるとコピーが台無しになります。
no-maintenance-of-is-planned-cdb5 = { $name } のメンテナンスの予定はありません
maintenance-of-is-running-5419 = { $name } のメンテナンスが実施中です
begin-nothing-until-it-has-ended-fdfc = 終わるまで、何も始めないでください。
heroku-says-that-the-maintenance-of-is-unknown-15ac = Heroku は { $name } のメンテナンスの状態を「不明」と示しています
look-at-it-yourself-30f3 = 自分で確認してください。
maintenance-of-is-which-hcops-does-not-know-4790 = { $name } のメンテナンスの状態が、hcops の知らない `{ $raw }` です
for-in-c1dd = { $utc }（あと { $span }）
for-which-is-past-3ad7 = { $utc }（すでに過去）
for-a5a9 = { $raw }
without-a-time-that-is-told-44fd = 日時は未発表
maintenance-of-is-planned-1a05 = { $name } のメンテナンスが予定されています：{ $when }
run-it-yourself-at-a-better-time-or-64d4 = 都合のよい時間に自分で実施するか、自分のメンテナンスと重ならないようにしてください。

## crates/health/src/rules/mappings.rs

whether-each-mapping-is-in-sync-4b24 = 各マッピングが同期しているか
a-broken-mapping-stops-alone-the-connection-stays-9f29 = マッピングは壊れるとそれだけが停止します。接続は IDLE のままで、テーブルは気付かれないまま古くなっていきます。
the-one-mapping-of-is-well-b25c = { $name } の唯一のマッピングは正常です
all-mappings-of-are-well-a9c6 = { $name } のマッピング { $count } 個はすべて正常です
the-mapping-of-is-3e43 = { $name } のマッピング { $object_name } は { $state } です
which-usually-clears-by-itself-bf86 = { $saw }；通常は自然に解消します
look-again-in-some-minutes-540e = 数分後にもう一度確認してください。
a-state-that-this-version-of-hcops-does-b8c4 = { $saw }；このバージョンの hcops が知らない状態です
look-at-it-in-connects-dashboard-hcops-takes-7933 = Connect のダッシュボードで確認してください。hcops は、知らない状態を成功とはみなしません。
its-configuration-no-longer-fits-salesforce-a-field-2fe2 = 設定が Salesforce と合わなくなっています。項目が変更または削除されました。どの項目か確認してください。長さや型の変更には `hcops plan field-change` が使えます。
the-object-can-no-longer-be-synced-see-e673 = このオブジェクトは同期できなくなっています。連携用のユーザーがまだ読み取れるか確認し、読み取れなければマッピングを削除してください。
log-in-to-salesforce-again-8b71 = Salesforce にログインし直してください。
a-bulk-load-failed-look-for-the-cause-f390 = 一括読み込みに失敗しました。ログで原因を調べてから、マッピングを再読み込みしてください。
see-the-cause-in-its-log-remove-it-e203 = ログで原因を確認して取り除いてから、接続を復旧してください。

## crates/health/src/rules/mod.rs

the-result-of-an-upgrades-dry-run-it-6b3e = アップグレードのドライランの結果（メールでのみ届く）
writers-outside-heroku-scheduler-jobs-and-autoscalers-b1c7 = Heroku の外からの書き込み元、Scheduler のジョブ、オートスケーラー
since-when-a-connection-is-in-its-state-33bc = 接続がいつから現在の状態か、別のマシンで行われた実行と一時停止
salesforces-own-maintenance-and-api-limits-fbc9 = Salesforce 自身のメンテナンスと API の制限
the-age-of-the-backlog-failed-rows-in-8c8a = 未処理分の古さ、トリガーログの失敗した行、hstore のスキーマ、スキーマとオブジェクトの数（--sql を付けると確認できます）

## crates/health/src/rules/notifications.rs

notifications-that-nobody-has-acknowledged-53dc = 誰も了承していない通知
connect-tells-there-what-it-stopped-or-could-ddc2 = Connect は、停止したことやできなかったことを通知で知らせます。通知先の一覧にない人には、メールが届きません。
has-no-open-notification-f424 = { $name } に未了承の通知はありません
has-open-notification-s-the-newest-8b91 = { $name } に未了承の通知が { $count } 件あります；最新は { $event_type }：{ $message }
read-them-do-what-they-ask-for-then-309a = 通知を読み、求められていることを行ってから、了承してください。

## crates/health/src/rules/pause.rs

whether-sync-is-paused-by-whom-and-since-f362 = 同期が一時停止されているか、誰が、いつからか
while-it-is-paused-the-trigger-log-grows-a3b5 = 一時停止中はトリガーログが増え、Salesforce のポーリングも行われません。長引くほど、追いつくのに時間がかかります。
or-heroku-did-it-a-demo-plan-without-ca75 = 、または Heroku によるものです（デモプランで新しいデータが 31 日間ない場合）
is-paused-94b4 = { $name } は PAUSED です；{ $by_whom }{ $demo }
find-out-who-paused-it-and-why-before-d2a9 = 再開する前に、誰がなぜ一時停止したかを調べてください。
no-run-of-this-machine-paused-it-so-1558 = このマシンの実行が一時停止したものではないため、ほかの誰かが一時停止しました
whether-a-run-of-this-machine-paused-it-6ac1 = 実行 { $run } を読み取れないため、このマシンの実行が一時停止したのかどうかは分かりません
is-paused-for-paused-by-at-run-78db = { $name } は PAUSED です（{ $since } 経過）：{ $utc } に { $by } が一時停止、実行 { $run }：{ $reason }
that-run-is-not-finished-and-resumes-sync-fb16 = その実行は終わっておらず、同期の再開も自ら行います。実行を続けるか、中止して戻してください。
resume-sync-when-the-reason-is-gone-7753 = 理由がなくなったら、同期を再開してください。

## crates/health/src/rules/place.rs

whether-connect-is-on-the-database-that-its-905d = Connect が環境設定（config var）の指すデータベースを使っているか、それは誰のものか
how-soon-connect-reads-a-changed-config-var-ff36 = Connect が変更後の環境設定（config var）をいつ読み直すかは、確かめられていません。旧データベースのままなら、Connect が書き込んだ分は新しいデータベースにありません。
is-on-86aa = { $name } は { $name_2 } を使っています
says-that-it-is-on-but-its-config-4885 = { $name } は { $host }/{ $base } を使っていると示していますが、その環境設定（config var）は { $place } の { $name_2 } を指しています
if-the-database-was-replaced-in-the-last-0c96 = 数分以内にデータベースが置き換えられたのなら、もう一度確認してください。変わらなければ、Connect にデータベースを指定し直す必要があります。
uses-which-belongs-to-101f = { $name } は { $name_2 } を使っていますが、これは { $owner_app } のものです
whoever-maintains-has-to-know-of-this-connection-1e3a = { $owner_app } をメンテナンスする人に、この接続のことを知らせておく必要があります。

## crates/health/src/rules/pointer.rs

whether-the-connections-config-var-is-that-of-8680 = 接続の環境設定（config var）が、アタッチされたデータベースのものか
promotions-and-attachments-move-attachments-a-config-var-347a = 昇格やアタッチで移るのはアタッチメントです。手動で設定した環境設定（config var）は取り残され、それを使う接続も旧データベースに残ります。
its-config-var-6d87 = 環境設定（config var）
uses-as-b264 = { $name } は { $addon } を { $key } として使っています
uses-which-was-set-by-hand-to-the-3d71 = { $name } が使う { $key } は、手動で { $addon } のアドレスに設定されています；これを最新に保つアタッチメントはありません
point-the-connection-at-the-attachment-before-the-36f7 = 次のメンテナンスの前に、接続がアタッチメント { $attachment } を使うようにしてください。
uses-whose-value-is-not-that-of-any-183c = { $name } が使う { $key } の値は、{ $app } にアタッチされたどのデータベースのものでもありません
attach-that-database-to-the-app-and-point-f9fc = そのデータベースをアプリにアタッチし、接続がそのアタッチメントを使うようにしてください。それまで、hcops はそのデータベースについて何も判断できません。
uses-which-is-not-set-on-6647 = { $name } が使う { $key } は、{ $app } に設定されていません
attach-the-database-under-that-name-if-a-99c9 = データベースをその名前でアタッチしてください。アタッチ直後のリリースが失敗した場合、環境設定（config var）は次に成功したリリースで反映されます。

## crates/health/src/rules/polling.rs

whether-a-connection-is-long-in-polling-db-157f = 接続が長く POLLING_DB_CHANGES のままになっていないか
it-polls-at-most-every-two-minutes-and-b64b = ポーリングは最短でも 2 分間隔で、送信は 1 つの書き込み処理だけで行われます。この状態が続く接続は変更の発生に送信が追いついておらず、また、一時停止できるのは IDLE のときだけです。
changes-wait-3707 = 、変更 { $count } 件が送信待ち
is-sending-changes-since-when-is-not-shown-c5bf = { $name } は変更を送信中{ $pending }；いつからかは表示されません
a-mapping-was-last-polled-ago-cce0 = ；マッピングの最後のポーリングは { $span } 前
is-at-polling-db-changes-for-long-5adf = { $name } は長く POLLING_DB_CHANGES のまま{ $pending }{ $since }
look-for-the-cause-in-its-log-refused-e865 = ログで原因を調べてください：拒否された書き込みの繰り返し、ロック、または単に大量の変更。

## crates/health/src/rules/procedures.rs

what-stands-against-each-procedure-by-its-own-4908 = 各手順自身の確認で分かる、実行を妨げるもの（--procedures 指定時）
the-procedure-would-refuse-to-begin-or-could-0db1 = この手順は開始を拒否するか、計画を立てられません。

## crates/health/src/rules/replication.rs

whether-the-connections-database-is-a-leader-e2ea = 接続のデータベースがリーダーか
a-follower-cant-be-written-to-connect-neither-571f = フォロワーには書き込めないため、Connect は変更を捕捉することも反映することもできません。昇格してもフォローは解除されません。
how-far-followers-are-behind-2d5a = フォロワーがどれだけ遅れているか
a-follower-that-is-far-behind-shows-readers-c681 = 大きく遅れたフォロワーでは古い内容が読まれ、追いつくまで切り替え先にはできません。
is-a-leader-8cf1 = { $name } はリーダーです
is-a-follower-and-a-connection-uses-it-2302 = { $name } はフォロワーですが、接続が使っています
make-it-a-database-of-its-own-or-964c = フォローを解除して独立したデータベースにするか、接続がリーダーを使うようにしてください。
is-a-follower-a4af = { $name } はフォロワーです
is-behind-35b9 = { $name } は { $name_2 } より { $counted_grouped } 遅れています
says-of-its-lag-behind-99e9 = { $name } が示す { $name_2 } に対する遅延：「{ $text }」
look-for-long-queries-on-the-follower-and-3423 = フォロワーでの長いクエリーと、リーダーでの大量の書き込みがないか調べてください。

## crates/health/src/rules/rollback.rs

whether-the-connections-database-is-a-fork-or-05ba = 接続のデータベースが、別のデータベースのフォークまたはロールバックか
connect-tracks-its-progress-with-marks-of-its-84f9 = Connect は、どこまで同期したかを独自の目印で記録しています。過去の時点のデータベースではこの目印が Salesforce と合わず、全マッピングを再読み込みするまで直りません。
made-ago-156e = 、{ $span } 前に作成
was-forked-or-rolled-back-from-941c = { $name }：{ $origin } のフォークまたはロールバック{ $made }
if-it-is-a-rollback-and-the-mappings-cd04 = ロールバックで、その後マッピングを再読み込みしていなければ、再読み込みしてください。単なるコピーなら、対処は不要です。

## crates/health/src/rules/room_left.rs

whether-the-database-is-available-5c30 = データベースが利用可能か
what-is-not-available-can-be-neither-written-18e5 = 利用可能でなければ、書き込みもメンテナンスもできません。
how-full-the-databases-plan-is-199c = データベースのプランの容量をどれだけ使っているか
over-its-limit-a-database-can-lose-the-ce75 = 上限を超えると、データベースに書き込めなくなることがあります。フォロワーやコピーにも、収まるプランが必要です。
how-many-of-the-databases-connections-are-in-83d3 = データベースの接続数をどれだけ使っているか
connect-needs-connections-of-its-own-without-a-2892 = Connect もデータベースへの接続を必要とします。空きがなければ、ログの読み取りも書き込みもできません。
what-heroku-itself-warns-of-60bb = Heroku 自身が出している警告
heroku-tells-there-what-it-will-do-by-3f1e = 誰も対処しなければ Heroku が自動で行うことは、この警告で示されます。
heroku-warns-of-3df3 = { $name } について Heroku が警告しています：{ $warning }
do-what-it-says-901f = 警告に従ってください。
wait-until-it-is-available-if-it-stays-a9bb = 利用可能になるまで待ってください。変わらなければ、Heroku サポートに問い合わせてください。
fills-of-the-gb-of-its-plan-2e1d = { $name } はプランの { $gigabytes } GB のうち { $percent } % を使っています
change-to-a-larger-plan-or-make-room-ec53 = より大きいプランに変更するか、空きを作ってください。
has-of-connections-in-use-d6a6 = { $name } は { $limit } 接続のうち { $used } 接続を使用中です
see-who-holds-them-use-a-connection-pooler-b820 = 何が接続を保持しているかを確認し、コネクションプーラーか、接続数の上限がより大きいプランを使ってください。

## crates/health/src/rules/runs.rs

whether-a-run-of-this-machine-about-the-af66 = アプリを対象とする、このマシンの実行で終わっていないものがないか
it-may-have-left-the-app-in-maintenance-2152 = アプリがメンテナンスモードのまま、同期が一時停止のまま、または課金される 2 つ目のデータベースが残ったままかもしれません。
whether-a-run-of-this-machine-cannot-be-a1a9 = このマシンの実行で読み取れないものがないか
it-is-not-known-to-be-over-it-93a7 = 終わっているかどうかは分かりません：同期を一時停止したか、書き込み停止にした可能性があり、その間はほかに何も開始しません。
no-run-of-this-machine-about-is-unfinished-2e0a = { $app } を対象とする、このマシンの実行はすべて終わっています
run-by-begun-by-at-ago-is-not-e29b = 実行 { $run }（{ $procedure }、方式 { $method }、{ $utc } に { $by } が開始、{ $age } 前）が終わっていません
finish-it-or-turn-it-back-with-hcops-8b44 = 別の手順を始める前に、最後まで終わらせるか、`hcops abort { $run }` で中止して戻してください。

## crates/health/src/rules/state.rs

whether-sync-runs-a43a = 同期が動いているか
a-connection-that-stands-still-syncs-nothing-in-d108 = 止まった接続はどちらの方向にも何も同期せず、そのことはほかのどこにも表示されません。
has-no-heroku-connect-connection-d656 = { $app } に Heroku Connect の接続はありません
it-is-coming-back-2bbe = { $saw }：復帰中です
only-herokus-support-can-revive-it-it-comes-3c48 = 復活させられるのは Heroku サポートだけで、PAUSED で戻ります。チケットで依頼するか、凍結されることのない有料プランで新しい接続を作ってください。
choose-its-database-and-schema-then-log-in-ff79 = データベースとスキーマを選んでから、Salesforce にログインしてください。
log-in-to-salesforce-again-as-the-user-7749 = 連携用のユーザーで、Salesforce にログインし直してください。
authorise-connect-for-the-apps-database-again-in-1669 = Connect のダッシュボードで、アプリのデータベースに対して Connect をもう一度認可してください。
the-salesforce-organisation-is-inactive-if-a-sandbox-8704 = Salesforce の組織が無効です。Sandbox を更新した場合は、新しい Sandbox に対して接続を再作成してください。そうでなければ、Salesforce に組織を再び有効にしてもらってください。
it-has-passed-the-row-limit-of-its-7798 = 契約の行数の上限を超えています。同期する行を減らすか、上限を引き上げてもらってください。
sync-does-not-run-d2b9 = { $saw }：同期は動いていません

## crates/health/src/rules/upgrade.rs

whether-a-version-upgrade-is-scheduled-under-way-9ca5 = バージョンのアップグレードが予定されているか、進行中か、失敗したか
preparing-an-upgrade-also-schedules-it-unless-it-bddc = アップグレードを準備すると、予定にも入ります。実行も取り消しもしなければ、次のメンテナンス枠に、アプリと Connect が動いたまま Heroku が実行します。
the-upgrade-of-failed-b807 = { $name } のアップグレードは失敗しました：「{ $said }」
the-database-is-on-its-old-version-herokus-f023 = データベースは古いバージョンのままです。原因は Heroku サポートが確認できます。
an-upgrade-of-is-under-way-069d = { $name } のアップグレードが進行中です：「{ $said }」{ $step }
leave-it-alone-until-it-has-ended-26dd = 終わるまで、手を触れないでください。
heroku-says-of-an-upgrade-of-without-a-cfe2 = { $name } のアップグレードについての Heroku の表示に、認識できる日時がありません：「{ $said }」
find-out-whether-and-when-heroku-runs-it-187e = Heroku が自動で実行するかどうか、いつ実行するかを調べてください。
heroku-tells-of-no-upgrade-of-that-would-cfdd = Heroku の表示では、{ $name } のアップグレードの予定はありません
which-is-past-0c5a = すでに過去
heroku-upgrades-by-itself-at-a572 = { $utc } に Heroku が { $name } を自動でアップグレードします（{ $when }）
the-run-that-prepared-it-is-not-finished-cbeb = { $saw }；これを準備した実行 { $run } は終わっていません
go-on-with-that-run-before-then-it-7f85 = その日時までに、その実行を再開してください。同期を一時停止してアップグレードを実行するか、取り消します。
and-no-run-of-this-machine-is-about-0553 = { $saw }；これを対象とする実行は、このマシンにありません
run-it-yourself-before-then-with-sync-paused-4e79 = その日時までに、同期を一時停止し、アプリを静止させて、自分で実行してください：`hcops run version-upgrade --method in-place { $on_database } --to N`（N は準備したときのバージョン）。または、下のコマンドで取り消してください。

## crates/health/src/rules/version.rs

the-end-of-life-of-the-databases-postgres-2f3d = データベースの Postgres バージョンのサポート終了
after-the-deadline-heroku-upgrades-by-itself-with-0075 = 期限を過ぎると、誰も同期を一時停止しないまま、アプリと Connect が動いている状態で Heroku が自動でアップグレードします。サポート終了後は、残っているものが削除されることもあります。
is-on-the-plan-advanced-databases-are-followed-315e = { $name } のプランは { $plan } です：Advanced のデータベースでは、フォローやアップグレードに別のコマンドを使います
no-statement-of-herokus-was-found-that-heroku-95f0 = Heroku Connect で使えるという Heroku の記述は見つかっていません。hcops はこれに対する計画を立てません。
no-version-095e = バージョンなし
tells-in-which-no-postgres-version-is-recognised-4bd6 = { $name } の表示 `{ $raw }` からは、Postgres のバージョンを読み取れません
runs-postgres-18dd = { $name } は Postgres { $version } です
which-heroku-removed-on-14f9 = { $saw }；Heroku は { $on } にこれを廃止しました
older-than-every-version-that-hcops-has-dates-047e = { $saw }；hcops が日付を持つどのバージョンより古く、いつ終了するかはここでは分かりませんが、それらより後ではありません
of-which-hcops-knows-no-dates-its-table-c1ba = { $saw }；hcops はその日付を知りません（日付の表は { $as_of } 現在）
use-a-newer-hcops-or-see-herokus-page-74aa = より新しい hcops を使うか、バージョンのサポートについての Heroku のページを確認してください。
its-life-ended-on-3e12 = サポートは { $ends }（{ $when }）に終了しました
the-last-day-to-upgrade-it-yourself-was-701c = 自分でアップグレードする期限は { $act_by }（{ $when }）でした：Heroku がいつ { $newest } にアップグレードしてもおかしくありません；サポート終了は { $ends }（{ $when_2 }）です
by-the-earlier-one-heroku-may-upgrade-it-93e6 = 早い方の期限であれば、Heroku がいつ { $newest } にアップグレードしてもおかしくありません
afterwards-heroku-does-it-by-itself-fec5 = その後は Heroku が自動で行います
herokus-mails-name-two-dates-to-upgrade-it-93a2 = アップグレードの期限として Heroku のメールには 2 つの日付があり、どちらになるかは自分に届いたメールで決まります：{ $act_by }（{ $when }）または { $act_by_2 }（{ $when_2 }）；{ $then }；サポート終了は { $ends } または { $ends_2 } です
rehearse-the-upgrade-plan-it-and-carry-it-f119 = アップグレードのリハーサルを行い、計画を立て、都合のよい時間に実行してください。方式は計画で確認できます。

## crates/health/src/rules/writes.rs

writes-that-salesforce-refused-in-the-last-24-6262 = 直近 24 時間に Salesforce に拒否された書き込み
a-refused-write-is-not-repeated-by-itself-723c = 拒否された書き込みは自動では再送されません。その行はデータベースにはありますが、Salesforce にはありません。
rows-that-salesforce-refused-and-that-nothing-retries-a241 = Salesforce に拒否され、自動では再試行されない行
failed-rows-stay-different-on-both-sides-until-ce01 = FAILED の行は、誰かが再送するか破棄するまで、双方で食い違ったままです。そのログの保持も 1 か月だけです。
changes-that-wait-to-be-sent-to-salesforce-ed41 = Salesforce への送信を待っている変更
what-waits-is-not-in-salesforce-yet-and-1b6d = 待っている変更はまだ Salesforce にありません。同期を一時停止するメンテナンスは、どれもその送信を待つ必要があります。
had-no-refused-write-in-24-hours-e958 = { $name } で直近 24 時間に拒否された書き込みはありません
had-in-24-hours-most-often-644b = { $name } の直近 24 時間：{ $count }；最も多いもの（{ $times } 回）：{ $message }
correct-the-cause-in-salesforce-or-in-the-6a3f = Salesforce またはデータにある原因を修正してから、行を再送してください。
has-no-failed-rows-0161 = { $name } に失敗した行はありません
has-failed-rows-895e = { $name } に失敗した行が { $failed } 行あります
have-them-sent-again-once-their-cause-is-9bde = 原因がなくなってから再送するか、破棄してください。
the-oldest-for-db94 = 、最も古いものは { $span } 前から
changes-of-wait-6d11 = { $name } の変更 { $waiting } 件が送信待ち{ $age }
look-for-the-cause-in-its-log-before-6cf0 = 未送信分を先に送る必要があるため、メンテナンスの前にログで原因を調べてください。

## crates/heroku/src/clients.rs

hcops-015e = hcops/{ $value } ({ $os })

## crates/heroku/src/connect/discovery.rs

connect-named-an-address-that-cant-be-read-3833 = Connect が示したアドレスを解釈できません：{ $error }
without-it-the-connection-cant-be-reached-af0c = これがないと、接続に到達できません。
connects-list-of-the-connections-of-has-more-406a = Connect が示す { $app } の接続の一覧が { $pages } ページを超えています
half-a-list-could-hide-the-connection-that-373d = 途中までの一覧では、対象の接続を見落とすおそれがあります。

## crates/heroku/src/connect/state.rs

how-a-connection-stands-40ca = { " " }接続の状態。
provisioned-not-yet-configured-5e42 = { " " }プロビジョニング済みで、まだ設定されていません。
waits-for-the-salesforce-login-8575 = { " " }Salesforce へのログインを待っています。
healthy-no-database-poll-in-progress-the-only-4c47 = { " " }正常で、データベースのポーリング中ではありません。一時停止できる唯一の状態です。
reading-the-trigger-log-and-writing-to-salesforce-9eeb = { " " }トリガーログを読み取り、Salesforce に書き込んでいます。
stopped-by-a-user-or-for-inactivity-acc3 = { " " }利用者の操作、または利用がないために停止しています。
coming-back-18e2 = { " " }復帰中です。
applying-an-import-e902 = { " " }インポートを適用しています。
stopped-by-an-unforeseen-fault-8c2b = { " " }予期しない障害で停止しています。
cant-reach-postgres-a64e = { " " }Postgres に到達できません。
over-the-licences-row-limit-6698 = { " " }ライセンスの行数の上限を超えています。
the-salesforce-login-expired-76f8 = { " " }Salesforce へのログインの有効期限が切れました。
the-authorisation-for-the-database-is-lost-cb97 = { " " }データベースに対する認可が失われました。
the-salesforce-organisation-is-inactive-838f = { " " }Salesforce の組織が無効です。
a-demo-connection-long-out-of-use-only-2a0e = { " " }長く使われていないデモの接続です。復活させられるのは Heroku サポートだけです。
how-a-mapping-stands-7bc9 = { " " }マッピングの状態。
in-sync-since-the-last-poll-3722 = { " " }最後のポーリングの時点で同期済みです。
the-table-is-being-created-ce23 = { " " }テーブルを作成中です。
loading-after-it-was-made-or-after-fields-1fc8 = { " " }作成後、または項目の追加後の読み込み中です。
first-load-or-a-reload-c9eb = { " " }最初の読み込み、または再読み込みです。
the-table-is-being-changed-0a1e = { " " }テーブルを変更中です。
polling-salesforce-by-the-bulk-api-f47b = { " " }Bulk API で Salesforce をポーリングしています。
polling-for-deleted-rows-6071 = { " " }削除された行をポーリングしています。
waits-for-a-bulk-load-1856 = { " " }一括読み込みを待っています。
loads-the-result-of-a-bulk-job-4b72 = { " " }一括ジョブの結果を読み込んでいます。
resolves-external-ids-1f54 = { " " }外部 ID を解決しています。
polls-external-ids-a45c = { " " }外部 ID をポーリングしています。
waits-for-a-bulk-update-7726 = { " " }一括更新を待っています。
applies-a-bulk-update-a79c = { " " }一括更新を適用しています。
an-operation-was-aborted-2aee = { " " }処理が中止されました。
being-recovered-815a = { " " }復旧中です。
a-bulk-load-failed-d254 = { " " }一括読み込みに失敗しました。
the-configuration-no-longer-fits-salesforce-its-sync-88b4 = { " " }設定が Salesforce と合わなくなり、同期が何の知らせもなく止まりました。
the-object-can-no-longer-be-synced-730a = { " " }オブジェクトを同期できなくなりました。

## crates/heroku/src/data/credentials.rs

how-a-credential-stands-170e = { " " }クレデンシャルの状態。
in-use-134e = { " " }使用中です。
out-of-use-18e4 = { " " }使われていません。
being-made-d99b = { " " }作成中です。
being-taken-away-83d7 = { " " }削除中です。
getting-a-new-password-5288 = { " " }パスワードを更新中です。
has-its-new-password-664d = { " " }新しいパスワードになりました。
waits-to-be-made-0c00 = { " " }作成を待っています。

## crates/heroku/src/data/maintenance.rs

how-a-postgres-maintenance-stands-heroku-typescript-api-be86 = { " " }Postgres のメンテナンスの状態（heroku/typescript-api-schema、dist/data/types.d.ts、`MaintenanceInfoResult`；
pending-is-from-older-recordings-78eb = { " " }`pending` は以前の記録によるものです）。
none-is-needed-4fd1 = { " " }必要ありません。
it-is-scheduled-5ab9 = { " " }予定されています。
it-is-being-prepared-fe27 = { " " }準備中です。
it-can-be-run-220d = { " " }実行できます。
it-is-running-4e02 = { " " }実施中です。
it-is-done-0ed6 = { " " }終わりました。
heroku-itself-does-not-know-6425 = { " " }Heroku 自身にも分かりません。

## crates/heroku/src/data/versions.rs

heroku-offers-postgres-to-as-far-as-hcops-81cf = hcops が知る限り（{ $as_of } 現在）、Heroku が提供する Postgres は { $oldest } から { $newest } までです
no-new-database-can-be-created-on-postgres-f0e7 = 非推奨になって 3 か月後の { $barred } から、Postgres { $major } の新しいデータベースは作成できません；作成できるのは、このバージョンのデータベースのフォークとフォロワーだけです
postgres-ended-on-97f3 = Postgres { $major } のサポートは { $ends } に終了しました；{ $offered }
heroku-removed-postgres-on-6c67 = Heroku は { $on } に Postgres { $major } を廃止しました；{ $offered }
and-not-54f1 = { $offered }；{ $major } は含まれません

## crates/heroku/src/lenient.rs

expected-a-name-or-an-object-with-id-b835 = 名前、または id と name を持つオブジェクトが必要です
expected-text-or-a-number-6ae6 = 文字列または数値が必要です

## crates/heroku/src/open_enum.rs

a-word-that-this-version-does-not-know-9df6 = { " " }このバージョンが知らない語（届いたまま）。
every-word-that-this-version-knows-031b = { " " }このバージョンが知っているすべての語。
the-servers-word-9929 = { " " }サーバーの語。

## crates/heroku/src/origins.rs

is-not-on-this-machine-01a4 = はこのマシン上にありません
is-neither-a-domain-of-heroku-heroku-com-c620 = は Heroku のドメイン（heroku.com、herokai.com、herokuspace.com、herokudev.com）でも、http://127.0.0.1:5080 のようなこのマシンのアドレスでもありません
is-not-a-bare-host-name-scheme-and-da4a = はホスト名だけになっていません；スキームとポートは HEROKU_HOST のものを使います
is-not-a-host-name-d736 = はホスト名ではありません
is-not-a-url-3dc9 = は URL ではありません：{ $error }
a-url-with-a-user-or-password-9b9b = （ユーザー名またはパスワードを含む URL）
must-not-hold-credentials-36b6 = に認証情報を含めることはできません
the-built-in-address-cant-be-read-5518 = 組み込みのアドレス { $real } を解釈できません：{ $error }
without-it-heroku-cant-be-reached-34c4 = これがないと、Heroku に到達できません。
the-official-client-would-silently-use-the-real-d6fd = 公式クライアントなら、何も知らせずに実際の Heroku を使うところです。リハーサルが実際の Heroku に対して行われたり、トークンがほかの場所に渡ったりしてはいけません。
correct-or-unset-it-for-the-real-heroku-2c2f = { $variable } を修正してください。実際の Heroku を使うなら、設定を解除してください。
unset-fca2 = unset { $variable }

## crates/heroku/src/platform/account.rs

heroku-refuses-changes-to-a-suspended-account-a-942a = Heroku は停止されたアカウントへの変更を拒否します：手順が途中で止まってしまいます。
settle-it-with-herokus-support-https-help-heroku-501e = Heroku サポート（https://help.heroku.com）に連絡して解決してから、計画を立て直してください。
delinquent-with-payment-ad2b = 支払い滞納中
heroku-refuses-to-create-anything-that-costs-and-5ecd = Heroku は費用のかかるものの作成を拒否し、後にアカウントを停止します：手順が途中で止まるおそれがあります。
pay-what-is-due-at-https-dashboard-heroku-ba30 = https://dashboard.heroku.com/account/billing で未払い分を支払ってから、計画を立て直してください。
the-account-is-since-5044 = アカウント{ $whose } は { $since } から { $what } です

## crates/heroku/src/platform/addons.rs

how-an-add-on-stands-provisioned-is-not-7599 = { " " }アドオンの状態。プロビジョニング済みでも、準備ができたとは限りません：データベースの準備状況はデータベース自身が示します。
it-is-being-made-0a24 = { " " }作成中です。
it-was-made-4627 = { " " }作成されました。
it-is-being-removed-5887 = { " " }削除中です。
it-was-removed-or-could-not-be-made-8a7e = { " " }削除されたか、作成できませんでした。

## crates/heroku/src/platform/database_address.rs

the-app-ecf6 = アプリ
nothing-can-be-read-before-it-is-certain-2bc3 = どのデータベースかが確定するまで、何も読み取れません。
there-is-no-app-or-this-account-may-4d28 = アプリ { $app } が存在しないか、このアカウントには表示されません：{ $saw }
check-the-apps-name-a-heroku-app-or-9c17 = アプリの名前（-a、HEROKU_APP、または git リモート）とアカウントを確認してください。
has-no-database-called-5190 = { $app } に { $name } という名前のデータベースはありません
means-several-databases-32d5 = { $name } に当てはまるデータベースが複数あります：{ $names }
name-one-of-these-attachments-1015 = これらのアタッチメントのいずれかを指定してください。
is-not-set-on-although-is-attached-there-1759 = { $name } は { $app } にアタッチされていますが、{ $var } が設定されていません
the-config-var-holds-the-databases-address-it-e44a = データベースのアドレスはこの環境設定（config var）にあり、アタッチによるリリースが成功するまで設定されません。
look-at-the-apps-releases-name-another-attachment-3aa5 = アプリのリリースを確認してください。または、データベースの別のアタッチメントか URL を指定してください。
no-config-var-that-this-account-may-see-96b8 = このアカウントで見られる環境設定（config var）に、{ $addon }（アタッチメント名：{ $names }）の直接のアドレスがありません
it-is-read-with-the-default-credential-past-426d = コネクションプーラーを通さず、デフォルトのクレデンシャルで読み取ります。
attach-it-under-a-name-of-its-own-3f99 = 専用の名前でアタッチし、アタッチによるリリースが成功するまで待ってください。

## crates/heroku/src/platform/formation.rs

a-quantity-is-a-whole-number-9560 = 数量は整数です

## crates/heroku/src/platform/releases.rs

how-a-release-stands-8be5 = { " " }リリースの状態。
its-release-phase-is-running-e1de = { " " }リリースフェーズの実行中です。
it-is-live-or-was-61b1 = { " " }稼働中、または過去に稼働していました。
its-release-phase-failed-it-never-went-live-a308 = { " " }リリースフェーズが失敗し、一度も稼働していません。
its-slug-is-gone-cf0d = { " " }slug がもうありません。
version-max-order-desc-9664 = version ..; max={ $newest }, order=desc

## crates/heroku/src/status/areas.rs

all-regions-a082 = すべてのリージョン
every-region-23d7 = どのリージョンも
all-heroku-regions-756e = Heroku のすべてのリージョン
in-the-2ac5 = { " " }in the{ " " }

## crates/heroku/src/status/current.rs

heroku-data-31fb = Heroku のデータサービス
has-been-completed-30c6 = 完了しました
is-now-complete-0673 = 完了しました
has-been-cancelled-9745 = 取り消されました
has-been-canceled-a623 = 取り消されました
have-been-completed-3d18 = 完了しました
new-date-1910 = 新しい日付
new-time-c11e = 新しい時刻

## crates/heroku/src/token.rs

netrc-cannot-be-read-883a = netrc は読み取れず（{ $why }）
netrc-has-no-entry-for-the-api-31d2 = netrc に API の項目はなく
and-the-heroku-command-is-not-installed-133d = heroku コマンドもインストールされていません
and-heroku-auth-token-gave-none-47b5 = heroku auth:token からも得られませんでした：{ $why }
the-token-came-from-heroku-api-key-which-d165 = トークンは HEROKU_API_KEY のもので、どのログインよりも優先されます。誤っているか、有効期限が切れているか、無効化されています。
set-heroku-api-key-to-a-valid-token-8a0c = HEROKU_API_KEY に有効なトークンを設定するか、設定を解除してログインしてください。
unset-heroku-api-key-heroku-login-d566 = unset HEROKU_API_KEY && heroku login
the-token-came-from-heroku-auth-token-the-7ee0 = トークンは heroku auth:token、つまり heroku コマンドのログインのものです。有効期限が切れているか、無効化されています。
log-in-again-with-the-official-command-51f1 = 公式コマンドでログインし直してください。
the-token-came-from-netrc-the-entry-for-30d2 = トークンは netrc にある、API のホストの項目のものです。誤っているか、有効期限が切れているか、無効化されています。
replace-the-password-of-that-entry-or-log-7f22 = その項目のパスワードを置き換えるか、公式コマンドでログインしてください。そのログインは netrc より優先されます。
heroku-api-key-is-set-and-its-value-8712 = HEROKU_API_KEY は設定されていますが、その値
netrc-has-an-entry-for-the-api-and-c02b = netrc に API の項目はありますが、そのパスワード
holds-a-space-or-another-character-that-no-0298 = { $place }に、空白など、トークンに使われない文字が含まれています
heroku-would-refuse-it-perhaps-two-lines-or-3214 = Heroku に拒否されます。2 行分や、トークン以外の部分までコピーした可能性があります。
set-it-to-the-token-alone-4327 = トークンだけを設定してください。
export-heroku-api-key-heroku-auth-token-fa63 = export HEROKU_API_KEY="$(heroku auth:token)"
no-heroku-token-was-found-heroku-api-key-afd7 = Heroku のトークンが見つかりません：HEROKU_API_KEY は設定されておらず、{ $in_netrc }、{ $more }
without-a-token-nothing-of-the-account-can-93c6 = トークンがないと、アカウントの内容は何も見られません。
log-in-with-the-official-command-or-set-ed35 = 公式コマンドでログインするか、HEROKU_API_KEY を設定してください。
netrc-cannot-be-read-7efc = ；netrc を読み取れません（{ $why }）
no-token-was-found-for-which-is-on-a62b = このマシン上の { $machine } に使うトークンが見つかりません{ $unread }
the-token-of-heroku-auth-token-belongs-to-c53d = heroku auth:token のトークンは実際のアカウントのものなので、シミュレーターには送りません。
set-heroku-api-key-to-any-text-a-d0e5 = HEROKU_API_KEY に任意の文字列を設定してください。シミュレーターは何でも受け付けます。
export-heroku-api-key-simulated-8bed = export HEROKU_API_KEY=simulated
it-could-not-be-started-b03c = 起動できませんでした：{ $error }
you-are-not-logged-in-c1c6 = ログインしていません
its-output-could-not-be-read-abbd = 出力を読み取れませんでした
it-did-not-answer-within-s-4c51 = { $as_secs } 秒以内に応答がありませんでした

## crates/heroku/src/transport/call.rs

a-request-could-not-be-written-as-json-890e = リクエストを JSON として書き出せませんでした：{ $error }
nothing-was-sent-1805 = 何も送信していません。
cant-be-part-of-an-address-110e = 「{ $segment }」はアドレスの一部にできません
a-name-or-id-is-empty-so-the-fa4e = 名前または id が空なので、リクエストは別のものに届くところでした。
check-the-names-that-were-given-on-the-3c14 = コマンドラインと手順書で指定した名前を確認してください。

## crates/heroku/src/transport/client.rs

only-means-that-it-was-taken-57f2 = 受け付けられたことを示すのは { $status } だけです
it-went-round-in-redirects-ede7 = リダイレクトが循環しました
was-not-sent-what-it-rests-on-was-e3de = { $method } { $target } は送信しませんでした：前提となる内容を確認してから時間が経ちすぎています
has-more-than-pages-e4fb = { $method } { $target } が { $pages } ページを超えています
a-list-without-an-end-cant-be-read-d9ec = 終わりのない一覧は全体を読み取れず、途中までの一覧では重要なものを見落とすおそれがあります。
please-report-this-as-a-defect-of-hcops-6004 = アカウントにあるものの数を添えて、hcops の不具合として報告してください。

## crates/heroku/src/transport/http.rs

the-method-is-no-http-method-2033 = HTTP のメソッドではありません
the-network-has-ended-fc62 = ネットワーク処理は終了しています
the-network-could-not-be-set-up-b8c3 = ネットワークを準備できませんでした：{ $error }
https-could-not-be-set-up-ed83 = HTTPS を準備できませんでした：{ $causes }
check-the-machines-certificates-ssl-cert-file-ssl-f747 = このマシンの証明書（SSL_CERT_FILE、SSL_CERT_DIR）とプロキシの設定（HTTPS_PROXY、NO_PROXY）を確認してください。
no-cause-was-given-d5b3 = 原因は示されていません

## crates/heroku/src/transport/redirect.rs

it-was-redirected-to-nowhere-95f3 = リダイレクト先が示されていません
it-was-redirected-to-an-unreadable-address-2452 = リダイレクト先のアドレスを解釈できません：{ $error }
was-redirected-b29f = { $method } { $target } がリダイレクトされました（{ $status }）
a-change-is-sent-only-to-the-address-2b67 = 変更の要求は、本来のアドレスにしか送りません。
check-for-a-proxy-between-this-machine-and-05bf = このマシンと Heroku の間にプロキシがないか、また HEROKU_HOST が Heroku を指しているかを確認してください。
got-no-answer-5d12 = { $method } { $target } に応答がありません：{ $reason }
nothing-can-be-told-from-it-71a3 = これだけでは何も判断できません。

## crates/heroku/src/transport/refusal.rs

nothing-was-sent-so-nothing-has-changed-at-8f0c = 何も送信していないので、Heroku では何も変わっていません。
check-this-machines-network-and-proxy-settings-and-aeb2 = このマシンのネットワークとプロキシの設定、および https://status.heroku.com を確認してから、続けてください。
check-the-network-and-https-status-heroku-com-193b = ネットワークと https://status.heroku.com を確認してから、続けてください。
an-answer-of-this-size-is-not-one-ff52 = この大きさの応答は、呼び出した API のものではありません。
was-not-asked-any-more-too-little-was-363d = { $method } { $target } はもう呼び出しませんでした：時間内に得られた応答が少なすぎます
a-look-has-an-end-also-where-a-4a5f = サーバーがすべての呼び出しを受け付けながらどれにも応答しない場合でも、確認には終わりがあります。何も変更されていません。
check-the-network-and-https-status-heroku-com-9649 = ネットワークと https://status.heroku.com を確認してから、もう一度確認してください。
was-answered-but-request-2564 = { $method } { $place } の応答は { $status } ですが、{ $what }（リクエスト { $request_id }）
what-cant-be-read-is-not-taken-for-b635 = 読み取れないものは、成功とはみなしません。
check-for-a-proxy-or-login-page-between-997d = このマシンと Heroku の間にプロキシやログインページがないか、また HEROKU_HOST が Heroku を指しているかを確認してください。そうでなければ、このバージョンの hcops が API に対して古すぎるのかもしれません。
the-answer-is-empty-d4b1 = 応答が空です
the-answer-is-not-json-it-breaks-off-31e5 = 応答が JSON ではありません：途中で切れているか、終わるはずの所で続いています（{ $body } バイト）
the-answer-is-not-json-3c57 = 応答が JSON ではありません：「{ $words }」
the-answer-does-not-fit-d019 = 応答の形式が合いません：{ $spoken }
without-a-word-2add = メッセージなし
see-1e1e = 、参照：{ $url }
was-answered-request-b7a0 = { $method } { $place } の応答は { $status }{ $id }：{ $said }{ $hint }{ $more }（リクエスト { $request_id }）
heroku-may-have-carried-it-out-the-world-ae01 = Heroku が実行した可能性があります。何かを繰り返す前に、実際の状態を確認する必要があります。
it-was-only-a-look-so-nothing-has-a85a = 確認しただけなので、何も変わっていません。
the-token-is-missing-wrong-or-expired-a604 = トークンがないか、誤っているか、有効期限が切れています。
log-in-again-or-set-heroku-api-key-7b2b = ログインし直すか、HEROKU_API_KEY に有効なトークンを設定してください。
the-tokens-owner-may-not-do-this-59a6 = トークンの所有者に、この操作の権限がありません。
use-an-account-with-access-deploy-and-operate-24f1 = 権限のあるアカウントを使ってください：チームのアプリでは deploy と operate、個人のアプリではコラボレーター。
heroku-access-c0fd = heroku access
the-accounts-rate-limit-is-used-up-4-9fcc = アカウントのレート制限（1 時間に 4,500 回）を使い切りました。この呼び出しは実行されていません。
wait-some-minutes-other-programs-that-use-the-b875 = 数分待ってください。同じアカウントを使うほかのプログラムも、この制限を共有しています。
check-https-status-heroku-com-then-go-on-5655 = https://status.heroku.com を確認してから、続けてください。
heroku-understood-the-request-and-refused-it-nothing-1c9e = Heroku はリクエストを理解したうえで拒否しました。何も変わっていません。
change-what-the-message-names-then-go-on-4be9 = メッセージが指摘するものを変更してから、続けてください。
the-answer-is-not-in-the-form-of-7f14 = 応答が Heroku の API の形式ではないため、別のものが代わりに応答しています。
check-for-a-proxy-or-login-page-between-8846 = このマシンと Heroku の間にプロキシやログインページがないか、また HEROKU_HOST が Heroku を指しているかを確認してください。
heroku-asks-for-a-second-factor-for-this-cc5a = Heroku がこの呼び出しに二要素認証を求めていますが、一定時間認可できるアプリを示していません。
use-the-token-of-an-authorisation-that-was-68a4 = プログラム用に作成した認可のトークンを使い、HEROKU_API_KEY に設定してください。
curl-x-put-apps-pre-authorizations-h-accept-1a0b = curl -X PUT { $origin }/apps/{ $app }/pre-authorizations -H 'Accept: application/vnd.heroku+json; version=3' -H "Authorization: Bearer $(heroku auth:token)" -H 'Heroku-Two-Factor-Code: CODE'
heroku-asks-for-a-second-factor-for-what-7074 = Heroku が { $app } を変更する操作に二要素認証を求めています。何も変更されていません。
authorise-the-app-for-a-while-with-the-eec8 = CODE を二要素認証のコードに置き換えてアプリを一定時間認可し、続けてください。ジョブでは `heroku authorizations:create` のトークンを使ってください。
heroku-has-suspended-the-account-or-the-app-8107 = Heroku がアカウントまたはアプリを停止しており、解決するまでこの操作を拒否します。何も変更されていません。
settle-it-with-herokus-support-https-help-heroku-eb07 = Heroku サポートと解決してください：https://help.heroku.com。別のトークンを使っても変わりません。
the-account-is-delinquent-with-payment-and-heroku-0a5d = アカウントの支払いが滞っており、支払われるまで Heroku はこの操作を拒否します。何も変更されていません。
pay-what-is-due-at-https-dashboard-heroku-f8a7 = https://dashboard.heroku.com/account/billing で未払い分を支払ってから（チームの場合はチームの管理者が行います）、続けてください。
heroku-wants-the-account-verified-by-a-means-b0fc = Heroku は、これを作成する前に、支払い方法によるアカウントの確認を求めています。何も変更されていません。
verify-the-account-at-https-heroku-com-verify-f749 = https://heroku.com/verify でアカウントを確認してから、続けてください。
heroku-wants-this-call-confirmed-because-something-that-20ae = 既存のものが置き換えられるため、Heroku がこの呼び出しの確認を求めています。何も変わっていません。
look-at-what-has-that-name-now-and-a7f4 = 今その名前を持つものを調べ、置き換えてよければステップ{ $which } を確認してください。
what-was-named-ebb6 = 指定されたもの
there-is-no-such-thing-or-this-account-df97 = 該当するもの（{ $what }）が存在しないか、このアカウントには表示されません。
check-the-name-and-that-you-are-logged-e52a = 名前が正しいか、正しいアカウントでログインしているかを確認してください。
heroku-whoami-83b8 = heroku whoami

## crates/heroku/src/transport/trust.rs

is-not-https-4dc7 = は HTTPS ではありません
only-addresses-on-this-machine-may-be-called-f66a = 暗号化なしで呼び出せるのは、このマシン上のアドレスだけです。
is-not-one-of-herokus-hosts-6cf3 = は Heroku のホストではありません
the-token-opens-the-whole-account-so-it-2746 = トークンがあればアカウント全体を操作できるため、送信先は heroku.com、herokai.com、herokuspace.com、herokudev.com とこのマシンだけに限っています。
came-in-an-answer-from-813f = は { $spoken } からの応答に含まれていました
a-simulator-must-not-lead-to-the-real-211d = シミュレーターから実際の Heroku へ、また Heroku からこのマシンへ誘導されてはいけません。
the-address-it-is-not-called-b5bb = アドレス { $spoken } { $what }；呼び出しません
check-heroku-host-heroku-data-host-connect-discovery-ec20 = HEROKU_HOST、HEROKU_DATA_HOST、CONNECT_DISCOVERY_SERVER、HEROKU_STATUS_HOST を確認してください。設定しなければ、実際の Heroku を指します。

## crates/heroku/src/transport/wire.rs

json-bytes-f910 = Json({ $text } bytes)
wireresponse-bytes-7810 = WireResponse({ $status }, { $body } bytes)
could-not-connect-d3f8 = 接続できませんでした：{ $value0 }
the-connection-broke-before-the-answer-was-complete-58bf = 応答が完了する前に接続が切れました：{ $value0 }
no-answer-within-1d14 = { $value0 } 以内に応答がありません
the-answer-is-larger-than-bytes-971d = 応答が { $value0 } バイトを超えています

## crates/journal/src/chain.rs

line-of-the-journal-cannot-be-written-as-7333 = ジャーナルの { $seq } 行目を JSON として書き出せません：{ $error }
please-report-this-as-a-defect-of-hcops-9355 = hcops の不具合として報告してください。ジャーナルの内容は無事です。

## crates/journal/src/claims.rs

the-database-18ae = データベース { $made }
under-the-connection-d23a = （接続が使っているもの）
the-connection-e8a1 = 接続 { $name }

## crates/journal/src/evidence.rs

keep-evidence-in-8a6d = 証拠を保存

## crates/journal/src/file.rs

look-at-2cc5 = 確認
has-bytes-and-this-process-has-written-d977 = { $path } は { $length } バイトですが、このプロセスが書いたのは { $length_2 } バイトです
another-process-has-written-to-the-run-this-91fb = 別のプロセスがこの実行に書き込みました。このプロセスは停止します。どれが保持しているかは `hcops runs` で確認してください。
set-the-torn-last-line-aside-of-2578 = 途切れた最終行を退避
the-last-line-of-the-journal-was-torn-4640 = ジャーナルの最終行が途切れていました（{ $torn } バイト）：書き込みは完了しておらず、それに基づく操作も行っていません。{ $aside } に保存してあります
has-format-and-this-hcops-writes-format-9d19 = { $path } の形式は { $major }.{ $minor } ですが、この hcops が書く形式は { $major_2 }.{ $minor_2 } です
it-was-written-by-a-newer-hcops-this-3039 = より新しい hcops が書いたものです。この hcops では表示と報告書の作成はできますが、実行を続けるには更新してください。

## crates/journal/src/files.rs

what-is-not-on-disk-is-not-acted-ed2c = ディスクに記録できないことは行わないため、実行はここで停止します。空き容量、アクセス権、ディスクを確認してから、`hcops resume` で実行を再開してください。
is-neither-now-nor-at-time-nor-window-8bcd = `{ $text }` は `now`、`at TIME`、`window FROM-TO@ZONE` のいずれでもありません
leaves-open-on-which-day-or-in-which-9492 = `{ $text }` からは日付またはタイムゾーンが決まりません
it-was-to-begin-ago-a0f2 = 開始の予定は { $spoken } 前でした
the-budget-of-is-shorter-than-the-that-6e64 = 許容時間 { $spoken } は、引き返せない点までに通常かかる { $spoken_2 } より短くなっています
the-window-of-is-shorter-than-the-that-6af4 = 時間帯 { $spoken } は、通常の書き込み停止時間 { $spoken_2 } より短くなっています
at-bc4e = at { $moment }
window-86d3 = window { $window }
is-no-time-zone-known-here-9e9a = `{ $place }` というタイムゾーンはここでは見つかりません
the-time-zone-of-this-machine-is-not-bfbe = このマシンのタイムゾーンが分かりません。`22:00@Europe/Berlin` のように指定してください
name-the-time-zone-of-as-in-22-c87a = `{ $text }` のタイムゾーンを `22:00-02:00@Europe/Berlin` のように指定してください
is-not-of-the-form-22-00-02-91ce = `{ $text }` は 22:00-02:00 の形式ではありません
begins-when-it-ends-10a2 = `{ $text }` は始まりと終わりが同じです
no-such-hours-come-any-more-cfbb = そのような時間帯はもう来ません
is-no-time-of-day-as-22-00-24ce = `{ $text }` は 22:00 のような時刻ではありません
is-no-time-as-22-00-2026-12-b393 = `{ $text }` は 22:00、2026-12-03T22:00、2026-12-03T22:00:00Z のような日時ではありません
never-comes-c086 = `{ $text }` は来ません
is-no-time-of-a-minute-and-more-0d94 = `{ $text }` は 30m や 1h 30m のような1分以上の時間ではありません

## crates/journal/src/lease.rs

process-ab6c = { $machine }（プロセス { $pid }）
the-run-was-taken-by-on-at-603c = { $since } に { $by } が { $place } で実行を引き取りました
this-process-stops-so-that-two-never-work-03d6 = 2 つのプロセスが同じ実行を扱わないように、このプロセスは停止します。失われたものはありません。もう一方が続けます。
cannot-be-read-any-more-f327 = { $directory } を読み取れなくなりました
it-cant-be-told-who-holds-the-run-6577 = 誰が実行を保持しているか分からないため、このプロセスは停止します。`hcops resume` で再開してください。
on-in-dd33 = { $place } の { $by }（{ $path }）
whether-its-process-is-still-at-work-cannot-4bea = そのプロセスがまだ動いているかどうかは、ここからは分かりません
its-process-may-still-be-there-d258 = そのプロセスがまだ残っている可能性があります
this-machine-has-been-started-anew-since-so-76ea = その後にこのマシンが再起動されたため、そのプロセスはもうありません
this-folder-is-a-copy-the-run-was-4e40 = このフォルダーはコピーです：実行を保持していたのは { $place } の { $by }（{ $path }）ですが、ここは { $path_2 } です；{ $process }
go-on-with-it-there-hcops-stop-and-3e45 = 元の場所で続けてください（`hcops stop` と `hcops resume`）。そのマシンが失われたか、そこで続ける人がいない場合は、理由を示してください：--take-over "WHY"。理由はジャーナルに記録されます。
another-process-3d2a = 別のプロセス
on-since-bb1e = { $by }（{ $place }、{ $since } から）
the-run-is-held-by-e5ec = 実行は { $who } が保持しています
only-one-process-works-on-a-run-follow-a8a6 = 1 つの実行を進めるプロセスは 1 つだけです。`hcops watch` で見るか、次の安全な時点で止めさせてください。そうすれば、ここで続けられます。

## crates/journal/src/memory.rs

the-journal-could-not-be-written-a-planned-d718 = ジャーナルに書き込めませんでした（意図した障害）

## crates/journal/src/reading.rs

something-else-follows-where-it-should-end-9502 = 終わるはずの位置に、別のものが続いています
it-is-not-a-line-that-hcops-has-e0f1 = hcops が書いた行ではありません
its-seal-does-not-fit-the-lines-before-8542 = 封印が前の行と合いません：ジャーナルが変更されたか、行が欠けています
it-cannot-be-understood-54c5 = 解釈できません：{ $error }
it-does-not-say-in-which-format-the-b505 = ジャーナルの形式が示されていません
the-journal-has-format-and-this-hcops-reads-40fd = ジャーナルの形式は { $major }.{ $minor } ですが、この hcops が読める形式は { $major_2 }.x です
it-was-written-by-a-newer-hcops-update-db04 = より新しい hcops が書いたものです。この hcops を更新してから、コマンドを再度実行してください。何も変更していません。
line-of-the-journal-is-broken-9c53 = ジャーナルの { $number } 行目が壊れています：{ $why }
keep-the-runs-directory-as-evidence-and-restore-a2c1 = 実行のディレクトリを証拠として保存し、バックアップがあればジャーナルを復元してください。なければ、`hcops status` でアプリの状態を確認し、そこから新しい計画を立ててください。

## crates/journal/src/references.rs

the-reference-in-is-not-closed-a1b8 = `{ $text }` の参照が閉じられていません
should-have-been-filled-in-when-the-plan-6d6e = `${ "{" }{ $path }{ "}" }` は、計画を立てたときに値が入っているはずでした
refers-to-a-step-that-has-not-settled-3412 = `${ "{" }{ $path }{ "}" }` が参照するステップは完了していないため、その出力は分かりません
refers-to-a-field-that-the-step-did-0dad = `${ "{" }{ $path }{ "}" }` が参照する項目は、ステップの出力にありません

## crates/journal/src/run_state/apply.rs

the-run-was-parked-since-09fe = その後、実行が待機に入りました
the-run-was-stopped-since-0525 = その後、実行が停止されました
was-seen-broken-33b1 = { $hold } が破れていることが確認されました
took-the-run-since-c304 = その後、{ $by } が実行を引き継ぎました

## crates/journal/src/run_state/legal.rs

line-was-expected-edc8 = { $seq } 行目が来るはずでした
the-run-is-closed-cba3 = 実行は終了しています
the-run-is-already-open-c7b6 = 実行はすでに開始されています
its-fence-is-and-was-given-out-before-11bb = フェンスは { $fence } ですが、すでに { $newest } が発行されています
the-plan-is-already-approved-e570 = 計画はすでに承認されています
is-not-the-digest-of-the-plan-65e9 = { $given } は計画のダイジェストではありません
nothing-was-asked-under-the-name-e018 = { $id } という名前の質問はありません
does-not-answer-the-question-4053 = `{ $answer }` は質問 { $id } の回答になりません
the-point-of-no-return-is-behind-us-5aa0 = 引き返せない点 { $name } はすでに越えています
the-plans-digest-is-not-edeb = 計画のダイジェストは { $written } ではなく { $made } です
the-run-changes-something-so-it-can-be-5b82 = 変更を行う実行のため、続行できます
step-is-not-finished-80f1 = ステップ { $id } が終わっていません
the-verdict-does-not-fit-the-active-plan-816e = 判定が現在の計画と合いません
the-run-is-parked-1cbe = 実行は待機中です
the-plan-has-not-been-approved-267c = 計画は承認されていません
it-is-not-the-turn-of-step-7969 = ステップ { $id } の番ではありません
is-not-the-name-to-confirm-c5e2 = `{ $given }` は、確認に必要な名前 { $name } と違います
step-is-no-point-of-no-return-1999 = ステップ { $id } は引き返せない点ではありません
attempt-of-step-follows-attempt-f65c = ステップ { $id } の試行 { $attempt } が試行 { $attempts } の次に来ています
the-point-of-no-return-has-not-been-1aba = 引き返せない点 { $name } が確認されていません
the-act-of-step-may-already-have-taken-e38d = ステップ { $id } の操作は、すでに行われている可能性があります
step-may-not-be-skipped-51df = ステップ { $id } は飛ばせません
step-has-no-open-intent-cde0 = ステップ { $id } に未了の意図がありません

## crates/journal/src/run_state/mod.rs

rehearsal-of-scenario-e4d6 = シナリオのリハーサル：
it-was-about-dd20 = { $name } に対するものでした
it-lasts-for-minutes-ae1d = 有効なのは { $as_secs } 分間です
the-journal-has-no-line-c100 = ジャーナルに行がありません
an-empty-journal-does-not-tell-what-was-4b12 = 空のジャーナルからは、何が行われたか分かりません。隣のフォルダー `evidence` に何も残っていなければ、実行は始まっていません。`hcops run` で改めて始めてください。何か残っていれば、そのフォルダーを保管し、何が止まっているかを `hcops status` で確かめてください。
the-first-line-must-say-what-was-opened-486a = 最初の行は、何を開始したかを示していなければなりません
the-first-line-must-have-the-number-1-c419 = 最初の行の番号は 1 でなければなりません
was-left-out-and-this-hangs-on-its-79e8 = { $step } を省いたため、その回答に左右されるこのステップも省きます
line-of-the-journal-cannot-follow-the-lines-036d = ジャーナルの { $seq } 行目は、前の行に続くことができません：{ $objection }
the-journal-was-changed-by-something-other-than-395c = ジャーナルが hcops 以外のものに変更されたか、不具合があります。証拠として保存し、`hcops status` でアプリの状態を確認して、そこから新しい計画を立ててください。

## crates/journal/src/store.rs

there-is-no-run-in-9d72 = { $root } に実行 `{ $name }` がありません
hcops-runs-lists-the-runs-of-this-machine-abb7 = `hcops runs` で、このマシンの実行を一覧表示できます。別のマシンの実行は、そのマシンの状態ディレクトリにあります。
give-more-of-the-id-057e = id をもっと長く指定してください：{ $joined }。
the-last-line-bytes-is-being-written-or-2d7c = 最終行（{ $torn } バイト）は書き込み中か、クラッシュで途切れています
the-journal-has-the-newer-format-it-can-ea50 = ジャーナルはより新しい形式 { $major }.{ $minor } です：ここで読むことはできますが、続けることはできません
kinds-of-entry-that-this-version-does-not-9750 = このバージョンが知らない種類の記録：{ $unknown }

## crates/runbook/src/book.rs

a-whole-number-ef06 = 整数
a-text-7341 = 文字列
a-name-of-a-letter-followed-by-letters-fed1 = 英字で始まり、英字・数字・ハイフン・アンダースコアが続く名前
a-plan-of-heroku-postgres-such-as-standard-afe1 = Heroku Postgres のプラン（standard-0 など）
a-list-of-texts-7755 = 文字列のリスト
a-file-that-holds-a-json-object-15d2 = JSON オブジェクトを含むファイル

## crates/runbook/src/diagnostic.rs

used-by-b51e = { $value }（{ $file }:{ $line }）が使用
note-6387 = { " " }注：{ $user }
and-more-ac37 = { "  " }ほか { $more } 件

## crates/runbook/src/difference.rs

not-there-2a1d = （なし）
order-2c52 = { $path }（順序）

## crates/runbook/src/document.rs

make-the-plan-again-with-hcops-plan-o-1077 = `hcops plan … -o plan.json` で計画を立て直し、レビューを受けてください
this-is-not-a-plan-it-has-no-5aeb = これは計画ではありません：`digest` と、それに並ぶ `plan` がありません
give-the-file-that-hcops-plan-o-plan-249d = `hcops plan … -o plan.json` が書き出したファイルを指定してください
the-plan-cant-be-read-6ab1 = 計画を解釈できません：{ $error }
edited-or-damaged-40b5 = 編集されたか、壊れています
the-plan-is-torn-the-file-ends-in-6c0c = 計画が途切れています：ファイルが途中で終わっています
it-ends-here-ae9d = ここで終わっています
the-plan-is-not-json-95a9 = 計画が JSON ではありません：{ $error }
it-stops-making-sense-here-ade1 = ここから解釈できません
newer-804f = 新しい
older-da92 = 古い
the-plan-has-format-and-this-hcops-runs-8674 = 計画の形式は { $format } ですが、この hcops が実行できるのは形式 { $format_2 } だけです
run-it-with-hcops-which-made-it-or-7903 = 計画を立てた hcops { $tool } で実行してください。または、{ $again }
it-was-made-by-hcops-85bf = 別のバージョンの hcops { $tool }（{ $age }）で立てたものです
the-plan-does-not-fit-its-digest-2758 = 計画がそのダイジェストと合いません
what-stands-below-has-the-digest-f118 = 下の内容のダイジェストは { $short } です
it-was-changed-after-it-was-made-so-1686 = 立てた後で変更されているため、レビューされたものではありません。{ $again }

## crates/runbook/src/facts.rs

the-fact-is-not-a-list-0cd5 = 調査の項目 `{ $path }` はリストではありません
in-6471 = （`{ $walked }` の中）
facts-are-named-without-a-word-in-front-dc0c = 調査の項目は、`${ "{" }connection.id{ "}" }` のように、前に何も付けずに指定します
there-is-no-618d = `{ $segment }` はありません{ $below }
use-it-whole-or-make-a-step-for-5d31 = 全体を使うか、`for_each` で要素ごとにステップを作ってください
is-a-list-b6a2 = `{ $walked }` はリストです
has-no-parts-014e = `{ $walked }` に下位の項目はありません

## crates/runbook/src/library.rs

there-is-no-procedure-called-c1f8 = `{ $procedure }` という手順はありません
the-procedure-has-no-method-called-eb37 = 手順 `{ $procedure }` に `{ $method }` という方式はありません
the-procedure-has-more-than-one-method-39a0 = 手順 `{ $procedure }` には方式が複数あります
name-one-cf2a = いずれかを指定してください：{ $listed }

## crates/runbook/src/plan/conditions.rs

not-there-56ee = 「なし」
is-not-0fcc = { $what } は { $shown_2 } ではなく { $shown } です
is-not-one-of-bbd4 = { $what } は { $shown } で、{ $wanted } のいずれでもありません
the-answer-to-64c9 = `{ $step }` の回答
of-f6b8 = （{ $label }）

## crates/runbook/src/plan/guard.rs

the-value-of-holds-a-password-42c7 = --{ $replace } の値にパスワードが含まれています
name-the-add-on-or-the-config-var-ea67 = 代わりにアドオンか環境設定（config var）の名前を指定してください：残りは hcops が自分で読み取ります
noted-values-e9cf = 記録した値
the-surveys-hold-a-password-f8e3 = 調査の内容（{ $what }）にパスワードが含まれています
please-report-this-as-a-defect-of-hcops-a00e = hcops の不具合として報告してください
a-plan-is-stored-and-shown-so-no-fb54 = 計画は保存も表示もされるので、秘密の値を含めてはいけません

## crates/runbook/src/plan/inputs.rs

has-no-input-eff3 = `{ $value }` に入力 { $flag } はありません
is-needed-1ee4 = { $flag } が必要です
is-needed-the-survey-found-no-to-take-7e40 = { $flag } が必要です：代わりに使える `{ $path }` は調査で見つかりませんでした
the-surveyed-43bc = 調査で得た `{ $path }`
must-be-not-ef31 = { $flag } には{ $wanted }が必要ですが、{ $what } になっています

## crates/runbook/src/plan/late.rs

it-is-left-out-because-9052 = 省かれます（理由：{ $reason }）
there-is-no-such-step-a91b = そのステップはありません
needs-the-step-59b0 = `{ $id }` にはステップ `{ $id_2 }` が必要です：{ $why }
needs-another-step-7fe4 = 別のステップが必要です
give-both-steps-the-same-condition-8111 = 両方のステップに同じ条件を付けてください

## crates/runbook/src/plan/make.rs

the-method-is-not-for-this-database-its-7674 = 方式 `{ $method }` はこのデータベースには使えません：ティアは `{ $tier }`（プラン { $plan }）です
it-needs-one-of-cbc6 = 必要なもの（いずれか）：{ $known }
see-the-other-methods-of-with-hcops-runbook-9887 = `{ $procedure }` のほかの方式を `hcops runbook list` で確認し、`--method` で指定してください
the-survey-found-no-app-name-824c = 調査で `app.name` が見つかりませんでした
a-plan-is-for-one-app-by-name-2062 = 計画は、名前で指定した 1 つのアプリを対象とします
name-the-app-with-a-app-5048 = `-a APP` でアプリを指定してください
because-d8d3 = `{ $id }`（理由：{ $reason }）
every-step-that-makes-the-change-is-left-f744 = 変更を行うステップがすべて省かれます：{ $reasons }
the-plan-would-interrupt-everything-and-change-nothing-609d = この計画では、すべてを止めるだけで何も変更されません
choose-another-input-or-method-for-this-app-750e = このアプリには、別の入力か方式を選んでください
it-only-looks-there-is-nothing-to-take-21be = 確認するだけです。元に戻すものはありません。
take-back-885c = 元に戻す：{ $prose }

## crates/runbook/src/plan/repeat.rs

the-survey-found-no-list-1c34 = 調査でリスト `{ $value }` が見つかりませんでした
no-steps-can-be-made-b1ba = ステップを作れません
two-things-of-are-called-a439 = `{ $value }` に `{ $double }` という名前のものが 2 つあります
their-steps-could-not-be-told-apart-5517 = それぞれのステップを区別できません
has-nothing-called-it-has-6c8f = `{ $value }` に `{ $stranger }` という名前のものはありません；あるもの：{ $known }
none-of-was-named-it-has-3c1c = `{ $value }` のどれも指定されていません；あるもの：{ $known }

## crates/runbook/src/plan/scope.rs

cant-be-filled-in-c2e1 = 値を入れられません
is-not-a-text-so-it-cant-stand-8251 = { $reference } は文字列ではないため、文字列の中に入れられません
the-survey-found-no-b6c9 = 調査で `{ $path }` が見つかりませんでした
look-at-the-app-with-hcops-doctor-the-4422 = `hcops doctor` でアプリを確認してください：これがないと、必要とするステップの計画を立てられません
the-value-of-contains-which-would-be-taken-c52a = `{ $path }` の値に、参照とみなされる `${ "{" }` が含まれています
give-the-thing-another-name-7f34 = 別の名前を付けてください

## crates/terminal/src/ahead.rs

point-of-no-return-in-2-steps-2c2c = あと 2 ステップで引き返せない点{ $nth }：
point-of-no-return-in-steps-a550 = あと { $index } ステップで引き返せない点{ $nth }：
usually-b826 = （通常 { $duration }）
and-more-point-of-no-return-in-steps-3017 = ほかに { $more } 件。あと { $index } ステップで引き返せない点
and-more-d6cb = ほかに { $more } 件
on-the-way-back-what-was-before-is-7540 = 戻しています：以前の状態を復元中
no-way-back-any-more-only-forward-5f7d = もう戻せません。先へ進むだけです
nothing-to-undo-so-far-7234 = まだ戻すものはありません
abort-undoes-1-step-de03 = 中止すると 1 ステップを戻します：{ $one }
abort-undoes-steps-7d57 = 中止すると { $many } ステップを戻します：{ $many_2 }

## crates/terminal/src/crossing.rs

what-becomes-impossible-9deb = できなくなること：
the-facts-observed-just-now-8826 = たった今観測した事実（{ $time_of_day }）：
the-facts-observed-just-now-9732 = たった今観測した事実：
done-so-far-of-steps-9726 = これまでに完了：{ $of } ステップ中 { $count }
the-name-to-type-3c70 = 入力する名前：

## crates/terminal/src/downtime.rs

writes-stay-on-49e8 = 書き込みは止まりません
writes-on-they-will-be-off-for-about-1636 = 書き込み可。この後、約 { $duration } 停止します
writes-were-off-for-e196 = 書き込み停止は { $duration } で終了
writes-were-off-for-about-was-estimated-0dc3 = 書き込み停止は { $duration } でした（見積もりは約 { $duration_2 }）
writes-off-for-longer-than-estimated-fa9a = 書き込み停止 { $so_far }：見積もりより { $over } 長い
writes-off-for-longer-than-estimated-about-left-a418 = 書き込み停止 { $so_far }：見積もりより { $over } 長い。残り約 { $told_left }
writes-off-for-of-about-76ef = 書き込み停止 { $so_far }（見積もりは約 { $estimate }）
writes-off-for-of-about-about-left-bb3b = 書き込み停止 { $so_far }（見積もりは約 { $estimate }）。残り約 { $told_left }
writes-off-for-7a4c = 書き込み停止中（{ $so_far }）
writes-off-for-about-left-3bf0 = 書き込み停止 { $so_far }。残り約 { $told_left }

## crates/terminal/src/fault.rs

error-ca00 = エラー
why-2be2 = 理由
remedy-ba60 = 対処
request-id-84bb = { $method } { $target }（{ $status }）、リクエスト ID { $id }
request-1f58 = リクエスト

## crates/terminal/src/interactive.rs

to-go-on-135b = 続けるには：

## crates/terminal/src/live.rs

app-connection-db48 = アプリ { $app }、接続 { $resource }
app-e14c = アプリ { $app }
of-done-in-b23e = { $of } 中 { $done } 完了（{ $duration }）
of-done-bbdd = { $of } 中 { $done } 完了

## crates/terminal/src/measure.rs

of-3bae = { $of } 中 { $done }（{ $percent }%）
of-d52a = { $of } 中 { $done } { $unit }
n-1-commit-acfd = 1 コミット
behind-9b78 = { $count }遅れ
behind-falling-3a92 = { $count }遅れ、減少中
behind-unchanged-b630 = { $count }遅れ、変化なし
behind-rising-e5d5 = { $count }遅れ、増加中

## crates/terminal/src/menu.rs

press-a-key-or-choose-with-the-arrows-c50d = キーを押すか、矢印キーで選んで Return を押してください。
choose-with-a-key-or-the-arrows-then-b375 = キーか矢印キーで選んで、Return を押してください。

## crates/terminal/src/needs.rs

this-run-needs-a-person-3ecd = この実行には人の対応が必要です。
asked-as-well-before-writes-go-off-so-2ec5 = 書き込みが止まっている間に誰も必要としないよう、止まる前に次のことも確認されます：
to-answer-a2ce = 回答するには：
to-answer-one-of-c8ad = 回答するには、次のいずれかを実行：
writes-are-off-for-so-far-this-brings-86b0 = 書き込みは停止中です（これまで { $duration }）。再開するコマンド：
what-helps-by-hand-ea70 = 手動でできる対処：
what-would-help-the-real-app-this-is-7be4 = 実際のアプリであれば有効な対処；これはリハーサルのため、今は入力しないでください：
to-go-on-without-an-answer-it-looks-bc07 = 回答せずに続けるには（先にもう一度確認します）：
to-go-on-with-the-run-instead-cea6 = 代わりに実行を続けるには：
to-turn-back-and-restore-what-was-before-e77e = 中止して以前の状態に戻すには：
real-app-38e4 = 実際のアプリ：
what-becomes-impossible-c75b = できなくなること：{ $lost }
confirmed-by-the-name-a873 = 確認のために入力する名前：{ $name }
plan-digest-51b8 = 計画のダイジェスト { $digest }

## crates/terminal/src/plan.rs

by-app-connection-7cae = { $procedure }（方式 { $method }）、アプリ { $app }、接続 { $resource }
by-app-e947 = { $procedure }（方式 { $method }）、アプリ { $app }
a-document-of-bytes-d78f = { $value } バイトの文書
attachments-of-the-old-database-f242 = 旧データベースのアタッチメント
is-0f1e = { $part }::{ $part_2 }：{ $part_3 }。{ $part_4 }
before-you-approve-ec75 = 承認の前に
steps-1de3 = ステップ
left-out-of-this-run-3afd = この実行では省くもの
group-12f1 = グループ { $group }
why-06a1 = 理由：
only-while-8426 = 条件：
checked-before-and-during-the-run-d61a = 実行の前と途中で確認：
changes-ac5b = 変更：
only-looks-30bd = 確認のみ：
n-1-statement-b2c9 = [文 1 件]
statements-7e9c = [文 { $items } 件]
no-way-back-c74b = 戻せません：
abort-9736 = 中止すると：
abort-with-f879 = 中止すると：{ $other } とともに戻す
way-back-1b59 = 戻し方：
by-approving-this-plan-with-approve-you-attest-8267 = この計画を --approve で承認すると、次のことを証言したことになります
usually-takes-8071 = 通常の所要時間は { $duration } です。
writes-are-off-for-about-of-it-f521 = そのうち約 { $duration } は書き込み停止です。
sources-f7f5 = 出典：{ $sources }
made-by-hcops-bce5 = { $moment } に hcops { $tool } で立てた計画です。
digest-8d1c = ダイジェスト：
step-2293 = ステップ { $number }（{ $name }）
steps-88e9 = { $count } ステップ。
there-are-points-of-no-return-and-each-307e = 引き返せない点が { $asks } 個あり、それぞれで名前の入力を求めます：{ $asks_2 }。
until-the-first-step-hcops-abort-restores-what-34e5 = 最初の引き返せない点であるステップ { $first } までは、`hcops abort` で以前の状態に戻せます。
from-there-on-the-run-only-goes-forward-d186 = そこから先、実行は前に進むだけです。ステップ { $last } の前で抜けた場合も同じです。
n-1-step-327b = 1 ステップ。
step-is-the-point-of-no-return-it-4feb = ステップ { $number } が引き返せない点です：名前 { $name } の入力を求めます。
until-then-hcops-abort-restores-what-was-before-0dee = それまでは `hcops abort` で以前の状態に戻せます。
n-1-step-and-no-point-of-no-return-0e49 = 1 ステップ。引き返せない点はありません。
steps-and-no-point-of-no-return-dbd1 = { $count } ステップ。引き返せない点はありません。

## crates/terminal/src/plan_page.rs

checked-0efd = 確認済み
by-approving-it-you-attest-d9f1 = 承認すると、次のことを証言したことになります
to-carry-out-exactly-this-plan-db1c = この計画をそのまま実行するには
about-b1bd = 約 { $duration }
by-hcops-73ae = { $moment }（hcops { $tool }）
app-0d04 = アプリ
connection-639a = 接続
procedure-9c28 = 手順
usually-takes-fdc3 = 通常の所要時間
writes-are-off-8ada = 書き込み停止
point-of-no-return-42a2 = 引き返せない点
digest-6e2f = ダイジェスト
made-45a5 = 作成
step-de59 = ステップ { $index }：{ $name }
step-3e64 = ステップ
usually-ceb1 = 通常
way-back-d3cb = 戻し方
point-of-no-return-0890 = 引き返せない点{ $nth }。
only-looks-a0ea = 確認のみ

## crates/terminal/src/printer.rs

n-1-line-7de2 = 1 行
lines-3865 = { $lines } 行
left-out-here-the-reader-did-not-keep-9581 = （{ $lines }{ $are }ここで省かれました：読み取り側が追いつきませんでした。すべては `hcops report` にあります。）
standard-error-bd4d = 標準エラー出力

## crates/terminal/src/prompt.rs

type-to-cross-or-nothing-to-leave-21c1 = 越えるには { $name } と入力してください。何も入力しなければ抜けます{ $leaving }。
name-dcd1 = 名前
not-now-leave-and-resume-later-1148 = 今はしない：離れて、後で再開する
at-a-time-d9e6 = 時刻を指定する
between-hours-on-whichever-day-7f7a = 時間帯を指定する（日は問わない）
when-may-writes-go-off-78d4 = 書き込みをいつ止めてよいですか。
when-22-00-or-2026-12-03t22-00-1bb3 = いつですか。22:00、別の日なら 2026-12-03T22:00。何も入力しなければ離れます。
time-33b9 = 時刻
between-which-hours-22-00-02-00-or-f6f0 = どの時間帯ですか。22:00-02:00 または 22:00-02:00@Europe/Berlin。何も入力しなければ離れます。
hours-21e8 = 時間帯
type-the-name-or-to-be-asked-when-c1d9 = 名前を入力してください。到達したときに確認を受けるには `{ $ask_there }`。何も入力しなければ離れます。
writes-stay-off-abort-is-no-longer-possible-3c37 = ：書き込みは止まったままで、中止して戻すことはもうできず、先へ進むには再開するしかありません
writes-stay-off-until-you-resume-or-abort-50d6 = ：再開するか中止して戻すまで、書き込みは止まったままです
abort-is-no-longer-possible-and-only-resume-1712 = ：中止して戻すことはもうできず、先へ進むには再開するしかありません
you-can-resume-or-abort-later-7e11 = ：後で再開することも、中止して戻すこともできます
say-what-is-asked-for-nothing-to-leave-d624 = 求められた内容を入力してください。何も入力しなければ抜けます。あなたの名前で記録されます。
answer-b2a3 = 回答
do-you-attest-this-yes-no-or-in-8320 = これを証言しますか？ yes か no、またはご自分の言葉で。何も入力しなければ抜けます。あなたの名前で記録されます。
that-is-a-command-for-a-shell-and-8b38 = それはシェルのコマンドで、回答ではありません。hcops はまだ質問しています。質問中、Ctrl-Z は効きません。
the-address-which-is-written-down-nowhere-else-1f5a = アドレス（ほかのどこにも書き残しません）：
open-the-address-in-a-browser-now-1dcc = 今、このアドレスをブラウザーで開きますか？
no-browser-could-be-opened-open-the-address-3ecc = ブラウザーを開けませんでした（{ $error }）。アドレスを手動で開いてください。
it-did-happen-088f = 行われた
it-did-not-happen-657e = 行われなかった
what-happened-c4dc = どうなりましたか？
what-now-6a62 = どうしますか？
why-is-it-skipped-the-reason-is-kept-f342 = なぜ飛ばしますか？ 理由は記録に残ります。
reason-f81a = 理由
i-do-not-know-yet-leave-and-resume-8640 = まだ分からない：抜けて、後で再開する
try-again-look-at-the-world-and-act-3d12 = 再試行する：実際の状態を確認し、必要なら操作を行う
keep-waiting-b9ad = 待ち続ける
show-the-evidence-then-ask-again-bf0d = 証拠を表示してから、もう一度質問する
skip-this-step-with-a-reason-bb12 = 理由を付けてこのステップを飛ばす
it-was-done-by-hand-look-whether-that-5534 = 手動で行った：そのとおりか確認する
abort-restore-what-was-before-ac87 = 中止して戻す：元の状態を復元する
leave-resume-later-f69b = 抜けて、後で再開する

## crates/terminal/src/stage.rs

ctrl-c-stops-at-a-safe-point-ctrl-8318 = Ctrl-C で安全な時点で停止  Ctrl-Z で一時停止

## crates/terminal/src/tale.rs

run-opened-by-1328 = { $by } が実行 { $run } を開始：{ $title }
plan-against-4a72 = 計画 { $short }、対象 { $origin }
asks-ac60 = 質問：{ $text }
plan-approved-by-dc6b = { $by } が計画を承認（{ $how }）
crossing-confirmed-by-6efb = { $by } が越境点の通過を確認（{ $how }）：{ $given }
the-server-answered-8fea = サーバーの応答：{ $said }
answered-13ab = { $by } が { $question } に回答（{ $how }）：{ $answer }
the-act-failed-9229 = 操作に失敗
the-look-failed-8382 = 確認に失敗
it-did-not-take-place-the-point-of-6b60 = 操作は行われませんでした：引き返せない点はまだ越えていません。
skipped-by-because-6f46 = { $by } が飛ばした、理由：{ $reason }
point-of-no-return-passed-with-bf2d = 引き返せない点{ $nth }を通過：{ $name }
parked-a-person-must-answer-c651 = 待機中：人の回答が必要
stopped-cd07 = 停止しました。{ $told }
taken-up-again-by-6cb4 = { $by } が再開
turned-back-by-plan-820e = { $by } の指示で中止して戻す：{ $title }（計画 { $short }）
done-except-for-what-a-person-left-out-e0d2 = 人が省いたものや証言したものを除き、完了
aborted-and-what-was-before-is-restored-9995 = 中止し、元の状態を復元済み
over-a-look-failed-51fa = 終了：確認に失敗
waiting-waited-usually-longer-than-usual-987f = 待っています：{ $note }。{ $waited } 経過、通常 { $usual }、通常より長い
a-person-is-asked-after-f2bc = { $duration } を過ぎると人に質問します
waiting-waited-usually-3961 = 待っています：{ $note }。{ $waited } 経過、通常 { $usual }
will-be-tried-again-in-25a0 = { $duration } 後に再試行：{ $saw }
stopping-620d = 停止します：{ $note }
process-is-suspended-it-still-holds-the-run-9f26 = プロセス { $process } は一時停止しましたが、実行を保持したままです
process-goes-on-887b = プロセス { $process } が続行します
condition-c1ce = 条件 { $hold }：{ $text }
waiting-eed8 = 待っています：{ $with_part }
blocked-de2c = 進めません：{ $why }
cannot-be-told-from-here-338b = ここからは判別できません：{ $why }
of-6ad2 = { $note }（{ $of } 中 { $done }）
does-8f3e = 操作：{ $title }
done-seen-to-be-so-8043 = 完了：そのとおりであることを確認
done-it-was-so-already-cd43 = 完了：すでにそうなっていた
done-and-seen-to-be-done-e14c = 完了：行い、その効果を確認
done-a-person-attests-it-7deb = 完了：人が証言
done-found-in-the-world-after-an-interruption-8ee2 = 完了：中断の後、実際の状態で確認
after-3589 = { $how }（所要 { $duration }）
writes-were-off-for-6e3f = { $verdict }；書き込み停止 { $duration }

## crates/terminal/src/typing.rs

y-or-n-d113 = y か n：
yes-or-no-7695 = はいかいいえか（yes/no）？
none-of-them-e55b = どれでもない
a-number-or-a-letter-df97 = 番号か文字：
that-is-none-of-the-choices-5225 = それは選択肢にありません。

## crates/terminal/src/underway.rs

and-more-at-the-same-time-77af = 同時にほか { $steps } 件
now-ed5e = 今
for-longer-than-the-usual-f92b = { $since } 経過、通常の { $usual } より長い
for-usually-e50e = { $since } 経過。通常 { $usual }
for-longer-than-the-usual-you-are-asked-ca97 = { $since } 経過、通常の { $usual } より長い。{ $limit } 後に尋ねます
for-usually-you-are-asked-after-3761 = { $since } 経過。通常 { $usual }。{ $limit } 後に尋ねます

## crates/survey/src/apps.rs

has-the-database-an-app-that-this-account-5f23 = { $app } がこのデータベースを使っています。このアカウントに見えないアプリの書き込みは止められません。
have-yourself-given-access-to-operate-and-deploy-5220 = { $app } へのアクセス権（operate と deploy）をもらうか、先にデータベースをそのアプリからデタッチしてください。

## crates/survey/src/attachments.rs

on-d9df = { $app } の { $name }
the-connection-uses-it-so-the-connection-is-df1a = 接続が使っているため、接続を新しいデータベースに切り替えます。
its-users-write-through-a-credential-of-their-fab9 = このアタッチメントの利用者は、専用のクレデンシャルを通して書き込みます。フォロワーにはそのクレデンシャルがありますが、それ以外の新しいデータベースでは、この名前を移す前にクレデンシャルを作成しておく必要があります。
the-pooler-must-lead-to-the-new-database-3297 = プーラーが新しいデータベースを指すようにしなければ、その利用者は旧データベースに残ります。
promotion-gives-this-name-to-the-new-database-403d = 昇格により、この名前は新しいデータベースのものになります。
it-stays-as-the-old-databases-own-name-1785 = 旧データベース自身の名前として残り、その確認と削除に使えます。
code-on-the-app-may-read-this-name-c434 = アプリのコードがこの名前を読んでいるかもしれないため、これも新しいデータベースに移します。
this-app-uses-the-database-too-and-would-c239 = このアプリもデータベースを使っており、移さなければ旧データベースに残ります。

## crates/survey/src/belongings.rs

no-api-shows-these-of-look-for-them-e16b = { $old } の次のものは、どの API でも表示されません。手動で確認してください：dataclips（https://data.heroku.com/dataclips）、ラベル（`heroku data:labels`）。
logical-replication-slots-publications-and-subscriptions-8808 = { $old } の論理レプリケーションスロット、パブリケーション、サブスクリプションは SQL で調べますが、`--compare none` では調べません。その場合は手動で確認してください：`heroku pg:psql { $old } -a { $app }` で `select * from pg_replication_slots`、`pg_publication`、`pg_subscription`。
the-backup-schedules-51e8 = バックアップのスケジュール
a-name-that-is-not-shown-0d3a = 表示されない名前
is-backed-up-daily-at-a-schedule-stays-850b = { $old } は毎日 { $hour } { $zone } にバックアップされています（{ $name }）；スケジュールは元のデータベースに残るため、新しいデータベースにも設定してください：`heroku pg:backups:schedule { $new } --at '{ $hour } { $zone }' -a { $app }`。
the-settings-6bdf = 設定
the-maintenance-window-673d = メンテナンスウィンドウ
the-maintenance-window-of-is-the-new-database-98cb = { $old } のメンテナンスウィンドウは { $window } です；新しいデータベースには独自のメンテナンスウィンドウがあります：`heroku pg:maintenance:window { $new } 'DAY HH:MM' -a { $app }`。
the-links-c8a0 = リンク
has-the-link-heroku-pg-links-create-remote-4aa1 = { $old } にリンク { $name } があります：`heroku pg:links:create REMOTE { $new } --as { $name } -a { $app }`。
this-account-may-not-see-it-b1e2 = このアカウントには閲覧の権限がありません
heroku-does-not-know-it-c28f = Heroku に見つかりません
heroku-refuses-it-f21a = Heroku が拒否しています
the-request-failed-8b00 = リクエストが失敗しました
of-could-not-be-read-look-with-f652 = { $old } の{ $what }を読み取れませんでした（{ $why }）：`{ $command }` で確認してください。

## crates/survey/src/checkup/apps.rs

the-releases-of-479f = { $name } のリリース

## crates/survey/src/checkup/connections.rs

the-write-errors-of-8c64 = { $name } の書き込みエラー
the-notifications-of-d847 = { $name } の通知

## crates/survey/src/checkup/databases.rs

the-add-on-3e7f = アドオン { $id }
the-attachments-of-f730 = { $name } のアタッチメント
the-upgrade-of-f9a1 = { $name } のアップグレード
the-config-vars-of-d25f = { $app } の環境設定（config var）
the-maintenance-of-b4fe = { $name } のメンテナンス
maintenance-window-c1f6 = メンテナンス枠

## crates/survey/src/checkup/followers.rs

a-follower-without-a-name-5d06 = 名前のないフォロワー

## crates/survey/src/checkup/sql.rs

the-inside-of-by-sql-5a97 = { $name } の内部（SQL による）
the-trigger-log-of-by-sql-694d = { $name } のトリガーログ（SQL による）

## crates/survey/src/checkup/take.rs

the-add-ons-of-4326 = { $name } のアドオン
the-list-of-the-connections-of-6346 = { $name } の接続の一覧
announced-maintenance-a8f3 = 予告されたメンテナンス
connect-does-not-show-it-to-this-account-a8b6 = Connect がこのアカウントには表示していません；`heroku connect:info -a { $app }` で一覧に追加されます
has-no-connection-it-has-b33e = { $app } に接続 { $resource } はありません；あるもの：{ $names }
the-name-that-was-given-is-not-one-064d = 指定された名前は、その中にありません。
correct-resource-or-leave-it-out-to-see-dab3 = --resource を修正するか、すべてを見るなら省いてください。

## crates/survey/src/connection.rs

heroku-connect-shows-no-connection-of-to-this-4355 = Heroku Connect が、このアカウントに { $app } の接続を表示していません
either-the-app-has-no-heroku-connect-add-1051 = アプリに Heroku Connect アドオンがないか、このアカウントがまだ接続のアクセス一覧にありません。この一覧は最初は空で、アプリへのアクセス権をもらったばかりの人も含まれていません。
if-the-add-on-is-there-have-the-68c6 = アドオンがあるなら、公式コマンドで自分を一覧に追加してから（ダッシュボードでアドオンを開いても追加されます）、再試行してください。調査は確認しかしないため、自動では追加しません。
has-connections-1056 = { $app } に接続が { $names } 個あります：{ $names_2 }
which-of-them-is-meant-cant-be-guessed-d93d = どれが対象かは推測できません。
name-one-with-resource-0d94 = --resource でいずれかを指定してください。

## crates/survey/src/database.rs

has-no-database-yet-ba00 = { $connection } にはまだデータベースがありません
a-connection-that-was-never-configured-has-nothing-b044 = 一度も設定されていない接続には、メンテナンスするものがありません。
choose-its-database-and-schema-first-dd1d = 先にデータベースとスキーマを選んでください。
the-connection-uses-whose-value-is-not-that-74ed = 接続が使う { $db_key } の値は、{ $app } にアタッチされたどのデータベースのものでもありません
the-connection-uses-which-is-not-set-on-e9ce = 接続が使う { $db_key } は、{ $app } に設定されていません
without-knowing-which-add-on-that-is-nothing-37df = どのアドオンか分からなければ、そのフォロワー、アタッチメント、バージョンについて何も判断できません。
attach-the-database-under-that-name-or-point-463b = データベースをその名前でアタッチするか、接続がアタッチ済みのデータベースを使うようにしてください。

## crates/survey/src/noted.rs

the-upgrades-status-eb9c = アップグレードの状態
connects-write-errors-1140 = Connect の書き込みエラー
the-rate-limit-a4f6 = レート制限
whether-a-maintenance-of-is-planned-is-not-af92 = { $name } のメンテナンスが予定されているかどうかは分かりません。
the-postgres-maintenance-e2c8 = Postgres のメンテナンス
could-not-be-read-bbd7 = { $what } を読み取れませんでした（{ $fault }）。

## crates/survey/src/notices.rs

is-a-state-that-this-version-does-not-cd75 = { $name } は { $state } です；このバージョンの知らない状態で、同期が動いているかどうかも分かりません。
is-sync-does-not-run-76b9 = { $name } は { $state } です；同期は動いていません。
the-mapping-is-1da3 = マッピング { $object_name } は { $shown } です。
had-refused-write-s-to-salesforce-in-the-7448 = { $name } では、直近 24 時間に Salesforce に拒否された書き込みが { $count } 件ありました。
is-on-the-demo-plan-at-most-10-0213 = { $name } はデモプランです：最大 10,000 行、ポーリングは最短でも 10 分間隔で、新しいデータが 31 日間なければ一時停止されます。
is-a-config-var-of-its-own-that-7377 = { $key } は、データベースのアドレスの写しを持つ独立した環境設定（config var）です：昇格でもアタッチメントでも変わらないため、接続が別の環境設定（config var）を使うようにする必要があります（switch=repoint）。
a-state-that-this-version-does-not-know-dd90 = { $state }（このバージョンが知らない状態）
gives-the-credential-and-is-moved-to-the-ede4 = { $one } はクレデンシャル { $credential } を使い、新しいデータベースに移されます。{ $because }
is-a-connection-pooler-and-is-moved-with-e5ce = { $one } はコネクションプーラーで、データベースとともに移します。
is-moved-to-the-new-database-e317 = { $one } を新しいデータベースに移します。{ $because }
of-holds-the-address-of-by-hand-no-f22e = { $app } の { $name } には { $name_2 } のアドレスが手動で設定されています：昇格でもアタッチメントでも変わらないため、それを読むものは旧データベースを使い続けることになります。代わりにデータベースを専用の名前でアタッチするか（`heroku addons:attach { $name_2 } --as NAME -a { $app }`）、切り替え後に設定し直してください（`heroku config:set { $name }=NEW_ADDRESS -a { $app }`）。
the-config-vars-of-may-not-be-read-32f5 = このアカウントでは { $app } の環境設定（config var）を読み取れません：{ $name } のアドレスが手動で設定されたものがあるかどうかは分からず、それらが新しいデータベースを指していることを後で確認することもできません。
stays-with-the-old-database-as-its-own-717f = { $one } は旧データベース自身の名前として残ります：{ $config_var } を読むコードは、旧データベースを使い続けることになります。
the-database-has-credentials-beyond-the-default-one-e9b0 = データベースにはデフォルト以外のクレデンシャルがあります（{ $further }）：利用者が必要とする前に、新しいデータベースで確認してください。
the-databases-credentials-could-not-be-listed-there-7f3e = データベースのクレデンシャルの一覧を取得できませんでした。デフォルト以外のものがあるかもしれません。
has-a-release-phase-it-runs-at-each-1d9d = { $name } にはリリースフェーズがあります：アタッチのたびに実行され、失敗するとアプリに新しいアドレスが反映されません。
is-in-maintenance-mode-already-and-is-left-d794 = { $name } はすでにメンテナンスモードで、そのままにします。
is-an-essential-database-it-can-have-no-670a = { $name } は Essential のデータベースです：フォロワーを持てないため、バージョンのアップグレードはその場で、またはコピーで行います。
belongs-to-which-is-billed-for-it-d89b = { $name } は { $name_2 } のもので、料金は { $name_2 } に請求されます。
keeping-a-second-database-of-this-plan-costs-3c11 = このプランの 2 つ目のデータベースには、どちらか一方を削除するまで月額 { $dollars } がかかります。
what-a-second-costs-is-a-matter-of-fdc5 = 2 つ目の { $name } の料金は、契約によって異なります。
has-followers-they-go-on-following-the-old-5bbe = { $name } にはフォロワーがあります（{ $followers }）：引き続き旧データベースをフォローするため、作り直す必要があります。
heroku-has-scheduled-a-maintenance-of-the-database-e5e1 = Heroku がデータベースのメンテナンスを { $scheduled } に予定しています。
announced-from-to-1e58 = 予告：{ $title }、{ $starts } から { $ends } まで。
announced-without-times-that-a-program-can-read-4b0a = 予告（プログラムが読み取れる日時なし）、重なるかどうかは自分で判断してください：{ $text }
announced-without-times-55a9 = 予告（日時なし）：{ $title }。
an-incident-goes-on-at-heroku-6e7b = Heroku で障害が続いています：{ $title }。

## crates/survey/src/take.rs

heroku-warns-0900 = Heroku の警告：{ $warning }
everything-else-is-found-through-the-app-c784 = ほかはすべて、アプリを通じて見つけます。

## crates/survey/src/unsupported.rs

no-statement-of-herokus-was-found-that-heroku-dad4 = Heroku Connect が Postgres Advanced で動作するという Heroku の記述は見つかっていません。そのため hcops は何も計画しません。
runs-on-the-fir-generation-of-herokus-platform-3600 = { $name } は Heroku プラットフォームの Fir 世代で動作しています
no-statement-of-herokus-was-found-that-heroku-1ccd = Heroku Connect が Fir のアプリで動作するという Heroku の記述は見つかっていません。Fir は Private Spaces でのみ、Shield なしで動作します。そのため hcops は何も計画しません。
ask-herokus-support-before-anything-is-done-to-40a5 = 何か操作する前に、Heroku サポートに問い合わせてください。

## crates/survey/src/windows.rs

the-times-of-planned-maintenances-could-not-be-0d05 = 予定されたメンテナンスの日時を読み取れませんでした（{ $fault }）。
herokus-status-site-could-not-be-read-3f44 = Heroku のステータスサイトを読み取れませんでした（{ $fault }）。

## words of facts

begins-b2b9 = に開始
exists-ad5a = 存在
kept-79f0 = 維持
left-360f = そのまま
moved-5edd = 移動
nothing-1785 = なし
promoted-348f = 昇格
switched-411c = 切り替え
