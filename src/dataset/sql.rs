//! SQL over a dataset, in this process (cargo feature `sql`): DataFusion over the live files of each table, with the
//! views of `views/` defined on top. Nothing can be written: what is asked for is one query. Rows come batch by batch,
//! decimals as exact as they are stored.

mod table;

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::prelude::{SessionConfig, SessionContext};
use tokio::runtime::Runtime;

use self::table::LiveTable;
use super::part::refused;
use super::place::{At, Place};
use super::schema::Table;
use super::store::Store;
use super::views::VIEWS;
use crate::error::{Error, Result};

/// Bytes that a query may hold in memory; beyond that sorts and groups go to temporary files.
const MEMORY_BYTES: usize = 2 << 30;

/// A dataset that answers queries, as it was when it was opened.
pub struct Engine {
    dir: Place,
    runtime: Runtime,
    context: SessionContext,
}

impl Engine {
    /// Opens a dataset; a crawl may be writing to it. `threads` is the number of cores that a query may use.
    ///
    /// # Errors
    /// When there is no dataset, or its logs cannot be read.
    pub fn open(dataset: impl Into<Place>, threads: usize) -> Result<Self> {
        let dir = dataset.into();
        let threads = threads.max(1);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
        let runtime = runtime.map_err(|e| Error::io("a thread pool", e))?;
        let config = SessionConfig::new().with_target_partitions(threads).with_information_schema(true);
        let environment = RuntimeEnvBuilder::new().with_memory_limit(MEMORY_BYTES, 1.0).build_arc();
        let environment = environment.map_err(|e| refused(&dir, e))?;
        let context = SessionContext::new_with_config_rt(config, environment);
        let engine = Self { dir, runtime, context };
        engine.register_tables()?;
        engine.create_views()?;
        Ok(engine)
    }

    fn register_tables(&self) -> Result<()> {
        let mut store = Store::open(&self.dir)?;
        if let At::Bucket(object) = self.dir.at()? {
            self.context.register_object_store(table::url_of(&object)?.as_ref(), object.bucket.store);
        }
        for table in Table::ALL {
            let live = LiveTable::open(&mut store, table)?;
            self.context.register_table(table.name(), Arc::new(live)).map_err(|e| self.fault(&e))?;
        }
        Ok(())
    }

    fn create_views(&self) -> Result<()> {
        for (_, text) in VIEWS {
            self.runtime.block_on(self.context.sql(text)).map_err(|e| self.fault(&e))?;
        }
        Ok(())
    }

    /// Answers a query. `begin` is told the columns once, `each` is given the rows, batch by batch.
    ///
    /// # Errors
    /// When the text is no query, names what is not there, or is no reading; when `begin` or `each` fails.
    pub fn query<E: From<Error>>(
        &self,
        sql: &str,
        begin: impl FnOnce(&SchemaRef) -> Result<(), E>,
        mut each: impl FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        let reads_only = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
        self.runtime.block_on(async {
            let plan = self.context.sql_with_options(sql, reads_only).await.map_err(|e| self.fault(&e))?;
            let mut rows = plan.execute_stream().await.map_err(|e| self.fault(&e))?;
            begin(&rows.schema())?;
            while let Some(batch) = std::future::poll_fn(|waker| rows.as_mut().poll_next(waker)).await {
                each(&batch.map_err(|e| self.fault(&e))?)?;
            }
            Ok(())
        })
    }

    /// The first line says it all; what follows repeats the plan.
    fn fault(&self, error: &DataFusionError) -> Error {
        let words = error.strip_backtrace();
        refused(&self.dir, words.lines().next().unwrap_or_default())
    }
}
