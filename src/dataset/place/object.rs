//! An object of a bucket, or what lies below a prefix of keys, with calls that wait for the store. A store takes an object
//! as a whole or not at all, and what it has taken stays.

use std::ops::Range;
use std::time::SystemTime;

use bytes::Bytes;
use object_store::path::Path as Key;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt, PutMode, PutOptions, UpdateVersion};

use super::Found;
use crate::bucket::Bucket;
use crate::dataset::part::refused;
use crate::dataset::wait::block_on;
use crate::error::{Error, Result};

/// A key of a bucket.
#[derive(Debug, Clone)]
pub(in crate::dataset) struct Object {
    pub(in crate::dataset) bucket: Bucket,
    pub(in crate::dataset) key: Key,
}

/// An object as the store holds it.
#[derive(Debug)]
pub(in crate::dataset) struct Held {
    pub(in crate::dataset) bytes: Bytes,
    /// What the store calls this version of it.
    pub(in crate::dataset) version: UpdateVersion,
    /// When it was written, by the store's clock.
    pub(in crate::dataset) modified: SystemTime,
}

impl Object {
    /// The object `below` the folder of a bucket.
    pub(super) fn new(bucket: &Bucket, below: &str) -> Result<Self, object_store::path::Error> {
        let parts = [bucket.prefix.as_ref(), below];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Ok(Self { bucket: bucket.clone(), key: Key::parse(parts.join("/"))? })
    }

    /// Its bytes; `None` where there is none.
    ///
    /// # Errors
    /// When the store refuses.
    pub(in crate::dataset) fn read(&self) -> Result<Option<Bytes>> {
        Ok(self.held()?.map(|held| held.bytes))
    }

    /// The bytes of ranges of it, in their order; ranges that lie close together are one request.
    ///
    /// # Errors
    /// When it is not there, is shorter, or the store refuses.
    pub(in crate::dataset) fn ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        let bytes = block_on(self.bucket.store.get_ranges(&self.key, ranges), self.address())?;
        bytes.map_err(|e| self.fault(&e))
    }

    /// Its bytes with their version; `None` where there is none.
    ///
    /// # Errors
    /// When the store refuses.
    pub(in crate::dataset) fn held(&self) -> Result<Option<Held>> {
        let get = async {
            let found = self.bucket.store.get(&self.key).await?;
            let version = UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
            let modified = found.meta.last_modified.into();
            Ok(Held { bytes: found.bytes().await?, version, modified })
        };
        match block_on(get, self.address())? {
            Ok(held) => Ok(Some(held)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// Puts an object there, in the place of one that may be there.
    ///
    /// # Errors
    /// When the store refuses.
    pub(in crate::dataset) fn write(&self, bytes: Vec<u8>) -> Result<()> {
        let put = self.bucket.store.put(&self.key, bytes.into());
        block_on(put, self.address())?.map(drop).map_err(|e| self.fault(&e))
    }

    /// Puts an object there if it is still at `version`, or if there is none where that is `None`. `Ok(None)` says that
    /// somebody else was first.
    ///
    /// # Errors
    /// When the store refuses, or knows no conditions.
    pub(in crate::dataset) fn write_if(
        &self,
        version: Option<UpdateVersion>,
        bytes: Vec<u8>,
    ) -> Result<Option<UpdateVersion>> {
        let mode = version.map_or(PutMode::Create, PutMode::Update);
        let put = self.bucket.store.put_opts(&self.key, bytes.into(), PutOptions::from(mode));
        match block_on(put, self.address())? {
            Ok(put) => Ok(Some(put.into())),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => Ok(None),
            Err(error) => Err(self.fault(&error)),
        }
    }

    /// Removes it; that there is none is well too.
    ///
    /// # Errors
    /// When the store refuses.
    pub(in crate::dataset) fn remove(&self) -> Result<()> {
        match block_on(self.bucket.store.delete(&self.key), self.address())? {
            Err(error) if !is_absent(&error) => Err(self.fault(&error)),
            _ => Ok(()),
        }
    }

    /// Whether anything lies below it; one page of a listing says so.
    ///
    /// # Errors
    /// When the store refuses.
    pub(in crate::dataset) fn has_any(&self) -> Result<bool> {
        let mut listed = self.bucket.store.list(Some(&self.key));
        let first = block_on(std::future::poll_fn(|waker| listed.as_mut().poll_next(waker)), self.address())?;
        first.transpose().map(|first| first.is_some()).map_err(|e| self.fault(&e))
    }

    /// The objects below it, at any depth, in the order of their keys.
    ///
    /// # Errors
    /// When the store refuses.
    pub(super) fn below(&self) -> Result<Vec<Found>> {
        let listing = async {
            let mut objects = Vec::new();
            let mut listed = self.bucket.store.list(Some(&self.key));
            while let Some(object) = std::future::poll_fn(|waker| listed.as_mut().poll_next(waker)).await {
                objects.push(object?);
            }
            Ok(objects)
        };
        let mut objects: Vec<ObjectMeta> = block_on(listing, self.address())?.map_err(|e| self.fault(&e))?;
        objects.sort_by(|a, b| a.location.cmp(&b.location));
        let found = |meta: ObjectMeta| {
            let path = meta.location.as_ref().strip_prefix(self.key.as_ref())?.trim_start_matches('/').to_owned();
            Some(Found { path, bytes: meta.size, modified: meta.last_modified.into() })
        };
        Ok(objects.into_iter().filter_map(found).collect())
    }

    pub(in crate::dataset) fn address(&self) -> String {
        self.bucket.uri_of(&self.key)
    }

    fn fault(&self, error: &object_store::Error) -> Error {
        refused(self.address(), self.bucket.words_of(error))
    }
}

/// Whether an object is not there, in a bucket that is.
fn is_absent(error: &object_store::Error) -> bool {
    let is_bucket_there = || !crate::bucket::words_of(error).contains("NoSuchBucket");
    matches!(error, object_store::Error::NotFound { .. }) && is_bucket_there()
}
