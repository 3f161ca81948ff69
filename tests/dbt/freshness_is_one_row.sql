select count() as row_count
from {{ ref('ops_freshness') }}
having row_count != 1
