//! A table of the dataset as DataFusion sees it: the files that its log names, and no other that lies in the folder. Region
//! and year come from the log, as the files do not hold them. Filters are left to the engine, which leaves out files and
//! row groups that cannot fit.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use arrow_schema::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::{DataFusionError, Result as Answer};
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::object_store::{ObjectMeta, path::Path as Key};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;

use crate::bucket::SCHEME;
use crate::dataset::part::{Part, refused};
use crate::dataset::partition::COLUMNS;
use crate::dataset::place::{At, Object, Place};
use crate::dataset::schema::{Table, arrow_schema};
use crate::dataset::store::Store;
use crate::error::{Error, Result};

/// The live files of a table.
#[derive(Debug)]
pub(super) struct LiveTable {
    schema: SchemaRef,
    /// The columns of the files, then those that their folder says.
    stored: TableSchema,
    /// Whose files these are.
    url: ObjectStoreUrl,
    files: Vec<PartitionedFile>,
}

impl LiveTable {
    /// Reads which files are live.
    ///
    /// # Errors
    /// When the log cannot be read, or a file that it names is not there.
    pub(super) fn open(store: &mut Store, table: Table) -> Result<Self> {
        let schema = arrow_schema(table);
        let is_folder = |name: &str| table.is_partitioned() && COLUMNS.contains(&name);
        let stored: Vec<_> = schema.fields().iter().filter(|f| !is_folder(f.name())).cloned().collect();
        let folders =
            COLUMNS.iter().filter(|name| is_folder(name)).filter_map(|name| schema.field_with_name(name).ok());
        let folders: Vec<_> = folders.map(|field| Arc::new(field.clone())).collect();
        let stored = TableSchema::builder(Arc::new(Schema::new(stored))).with_table_partition_cols(folders).build();
        let parts = store.parts(table)?;
        let dir = store.dir().join(table.name());
        let url = match dir.at()? {
            At::Folder(_) => ObjectStoreUrl::local_filesystem(),
            At::Bucket(object) => url_of(&object)?,
        };
        let files = parts.iter().map(|part| file_of(&dir, table, part)).collect::<Result<_>>()?;
        Ok(Self { schema, stored, url, files })
    }

    /// Where the engine finds these columns.
    fn positions(&self, projection: Option<&Vec<usize>>) -> Answer<Vec<usize>> {
        let all: Vec<usize> = (0..self.schema.fields().len()).collect();
        let wanted = projection.unwrap_or(&all);
        let stored = self.stored.table_schema();
        let place = |&at: &usize| stored.index_of(self.schema.field(at).name()).map_err(DataFusionError::from);
        wanted.iter().map(place).collect()
    }

    fn plan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        limit: Option<usize>,
    ) -> Answer<Arc<dyn ExecutionPlan>> {
        if self.files.is_empty() {
            let schema = projection.map_or(Ok(self.schema.clone()), |at| self.schema.project(at).map(Arc::new))?;
            return Ok(Arc::new(EmptyExec::new(schema)));
        }
        let source = Arc::new(ParquetSource::new(self.stored.clone()));
        let groups = FileGroup::new(self.files.clone()).split_files(state.config().target_partitions());
        let config = FileScanConfigBuilder::new(self.url.clone(), source)
            .with_file_groups(groups)
            .with_projection_indices(Some(self.positions(projection)?))?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

/// What the engine knows the bucket of an object by.
///
/// # Errors
/// When the bucket's name cannot stand in an address.
pub(super) fn url_of(object: &Object) -> Result<ObjectStoreUrl> {
    let url = ObjectStoreUrl::parse(format!("{SCHEME}{}", object.bucket.name));
    url.map_err(|e| refused(object.address(), e))
}

fn file_of(dir: &Place, table: Table, part: &Part) -> Result<PartitionedFile> {
    let meta = match dir.join(&part.path).at()? {
        At::Folder(path) => meta_of(path)?,
        At::Bucket(object) => {
            let last_modified = SystemTime::UNIX_EPOCH.into();
            ObjectMeta { location: object.key, last_modified, size: part.bytes, e_tag: None, version: None }
        }
    };
    let year = ScalarValue::Int32(part.partition.year.map(i32::from));
    let values = vec![ScalarValue::Utf8(Some(part.partition.region.clone())), year];
    let values = if table.is_partitioned() { values } else { Vec::new() };
    Ok(PartitionedFile::new_from_meta(meta).with_partition_values(values))
}

fn meta_of(path: &Path) -> Result<ObjectMeta> {
    let io = |e| Error::io(path.display(), e);
    let path = path.canonicalize().map_err(io)?;
    let metadata = path.metadata().map_err(io)?;
    let location = Key::from_absolute_path(&path).map_err(|e| io(std::io::Error::other(e)))?;
    let last_modified = metadata.modified().map_err(io)?.into();
    Ok(ObjectMeta { location, last_modified, size: metadata.len(), e_tag: None, version: None })
}

impl TableProvider for LiveTable {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    // What `async_trait` makes of the trait's method, by hand: nothing here waits.
    fn scan<'a, 'b, 'c, 'd, 'async_trait>(
        &'a self,
        state: &'b dyn Session,
        projection: Option<&'c Vec<usize>>,
        _filters: &'d [Expr],
        limit: Option<usize>,
    ) -> Pin<Box<dyn Future<Output = Answer<Arc<dyn ExecutionPlan>>> + Send + 'async_trait>>
    where
        'a: 'async_trait,
        'b: 'async_trait,
        'c: 'async_trait,
        'd: 'async_trait,
        Self: 'async_trait,
    {
        Box::pin(std::future::ready(self.plan(state, projection, limit)))
    }
}
