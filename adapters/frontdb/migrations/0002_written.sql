-- The highest version written of each licence. The rows themselves cannot say: the other side's synchronisation may take them
-- away once it has them.
CREATE TABLE zq_written (
    table_name  varchar(63)  NOT NULL,
    licence_key varchar(128) NOT NULL,
    version     bigint       NOT NULL,
    PRIMARY KEY (table_name, licence_key)
);
INSERT INTO zq_written
    SELECT 'up_lic_status', licence_key, max(version) FROM up_lic_status
    WHERE licence_key IS NOT NULL AND version IS NOT NULL GROUP BY licence_key;
INSERT INTO zq_written
    SELECT 'dn_lic_status', licence_key, max(version) FROM dn_lic_status
    WHERE licence_key IS NOT NULL AND version IS NOT NULL GROUP BY licence_key;
