-- The exchange tables and their mirrors. Columns without an explanation are those of DRIVINGLICENSE (六合一). NULL is silence: the
-- column is withheld, shown in part only, or not known. It never means that there is no such value.
CREATE TABLE up_lic_status (
    id           bigserial PRIMARY KEY,
    licence_key  varchar(128),            -- the writer's own key of the licence, a pseudonym
    version      bigint,                  -- the writer's count of changes of this licence; a higher one is newer
    sfzmhm       varchar(18),             -- 身份证明号码
    xm           varchar(128),            -- 姓名; read where the other side gives it, never written
    xzqh         varchar(6),              -- province that keeps the licence, GB/T 2260, such as 310000
    zt           varchar(16),             -- 驾驶证状态, all letters together (GA/T 16.25)
    zjcx         varchar(30),             -- 准驾车型, codes together
    yxqz         date,                    -- 有效期止; 9999-12-31: 长期
    zxbh         varchar(20),             -- 证芯编号
    bzcs         integer,                 -- 补证次数
    fzrq         date,                    -- 发证日期
    ljjf         integer,                 -- 累积记分
    qfrq         date,                    -- 清分日期
    may_drive    varchar(8),              -- yes, no, unknown, ask: what zt means for driving
    validity     varchar(32),             -- how the validity stands on the day of writing
    events       varchar(1000),           -- what changed, such as status.added:B,replaced
    gxsj         timestamp,               -- 更新时间 at whoever said it first, China's time
    data_source  varchar(64),             -- who said it first
    cd_via       varchar(1000),           -- gateways that it passed through, separated by blanks
    cd_operation varchar(2)  NOT NULL,    -- i insert, u update, d delete
    cd_time      timestamp   NOT NULL CHECK (cd_time BETWEEN '2000-01-01' AND '9999-12-31'), -- when written, China's time
    cd_batch     varchar(64) NOT NULL
);
CREATE INDEX up_lic_status_time ON up_lic_status (cd_time, id);

CREATE TABLE dn_lic_status (LIKE up_lic_status INCLUDING CONSTRAINTS);
CREATE SEQUENCE dn_lic_status_id_seq OWNED BY dn_lic_status.id;
ALTER TABLE dn_lic_status ALTER COLUMN id SET DEFAULT nextval('dn_lic_status_id_seq'), ADD PRIMARY KEY (id);
CREATE INDEX dn_lic_status_time ON dn_lic_status (cd_time, id);

-- A mirror takes the row as text, since what is broken may fit no type. id is the row's id in the main table, if it got there.
CREATE TABLE up_lic_status_error (
    id text, licence_key text, version text, sfzmhm text, xm text, xzqh text, zt text, zjcx text, yxqz text, zxbh text, bzcs text,
    fzrq text, ljjf text, qfrq text, may_drive text, validity text, events text, gxsj text, data_source text, cd_via text,
    cd_operation text, cd_time text, cd_batch text,
    error_remark text,
    error_time   timestamp   NOT NULL DEFAULT (now() AT TIME ZONE 'Asia/Shanghai')
                 CHECK (error_time BETWEEN '2000-01-01' AND '9999-12-31'),
    error_by     varchar(16) NOT NULL DEFAULT 'receiver', -- sender: the writer of the main table refused its own row
    error_id     bigserial   PRIMARY KEY
);
CREATE INDEX up_lic_status_error_time ON up_lic_status_error (error_time, error_id);
CREATE INDEX up_lic_status_error_key ON up_lic_status_error (licence_key, version);
CREATE INDEX up_lic_status_error_row ON up_lic_status_error (id);

CREATE TABLE dn_lic_status_error (LIKE up_lic_status_error INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
CREATE SEQUENCE dn_lic_status_error_error_id_seq OWNED BY dn_lic_status_error.error_id;
ALTER TABLE dn_lic_status_error ALTER COLUMN error_id SET DEFAULT nextval('dn_lic_status_error_error_id_seq'), ADD PRIMARY KEY (error_id);
CREATE INDEX dn_lic_status_error_time ON dn_lic_status_error (error_time, error_id);
CREATE INDEX dn_lic_status_error_key ON dn_lic_status_error (licence_key, version);
CREATE INDEX dn_lic_status_error_row ON dn_lic_status_error (id);
