package core

import (
	"context"
	"encoding/json"
	"time"
)

// CustomObjectService manages custom objects: free-form JSON records, any number per
// account. The methods named ByToken act for a logged-in user, who may then
// write anything: keep nothing there that decides about access. [CustomObjects] has the
// same with your own type.
type CustomObjectService struct{ c *Client }

// A CustomObject is a record of an account.
type CustomObject struct {
	ID           string `json:"Id"`
	UID          string `json:"Uid"`
	IsActive     bool
	IsDeleted    bool
	DateCreated  Time
	DateModified Time
	Object       json.RawMessage `json:"CustomObject"`
}

func (o *CustomObject) finish(op operation, _ answer, _ time.Time) error {
	if o.ID == "" {
		return unusable(op, "the answer holds no record")
	}
	return nil
}

// UpdateType says what an update does with keys that it does not name.
type UpdateType string

const (
	// UpdateReplace removes them.
	UpdateReplace UpdateType = "replace"
	// UpdatePartialReplace keeps them.
	UpdatePartialReplace UpdateType = "partialreplace"
)

// CreateCustomObjectRequest is the input of [CustomObjectService.Create].
type CreateCustomObjectRequest struct {
	UID        string          `lr:"path,uid,required"`
	ObjectName string          `lr:"query,objectname,required"` // the kind of record, as the site defines it
	Object     json.RawMessage `lr:"body,*,required"`           // a JSON object
}

// Create adds a record to an account.
//
// POST /identity/v2/manage/account/{uid}/customobject with API key and secret.
// Sentinels: ErrUserNotFound, ErrNotFound (the kind), ErrValidation, ErrFeatureDisabled.
func (s *CustomObjectService) Create(ctx context.Context, in CreateCustomObjectRequest) (*CustomObject, error) {
	return do[CustomObject](ctx, s.c, opCustomObjectCreate, in)
}

// CreateCustomObjectByTokenRequest is the input of [CustomObjectService.CreateByToken].
type CreateCustomObjectByTokenRequest struct {
	AccessToken string          `lr:"bearer,,required,secret"`
	ObjectName  string          `lr:"query,objectname,required"`
	Object      json.RawMessage `lr:"body,*,required"`
}

// CreateByToken adds a record to the account of a logged-in user.
//
// POST /identity/v2/auth/customobject with API key and access token. Sentinels:
// ErrInvalidToken, ErrNotFound (the kind), ErrValidation, ErrFeatureDisabled.
func (s *CustomObjectService) CreateByToken(ctx context.Context, in CreateCustomObjectByTokenRequest) (*CustomObject, error) {
	return do[CustomObject](ctx, s.c, opCustomObjectCreateByToken, in)
}

// CustomObjectRequest is the input of [CustomObjectService.ByID] and
// [CustomObjectService.Delete].
type CustomObjectRequest struct {
	UID        string `lr:"path,uid,required"`
	ObjectName string `lr:"query,objectname,required"`
	ID         string `lr:"path,object_record_id,required"`
}

// ByID returns a record of an account.
//
// GET /identity/v2/manage/account/{uid}/customobject/{object_record_id} with API key and
// secret; a read. Sentinels: ErrUserNotFound, ErrNotFound, ErrFeatureDisabled.
func (s *CustomObjectService) ByID(ctx context.Context, in CustomObjectRequest) (*CustomObject, error) {
	return do[CustomObject](ctx, s.c, opCustomObjectByID, in)
}

// CustomObjectByTokenRequest is the input of [CustomObjectService.ByIDAndToken] and
// [CustomObjectService.DeleteByToken].
type CustomObjectByTokenRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	ObjectName  string `lr:"query,objectname,required"`
	ID          string `lr:"path,object_record_id,required"`
}

// ByIDAndToken returns a record of a logged-in user.
//
// GET /identity/v2/auth/customobject/{object_record_id} with API key and access token; a
// read. Sentinels: ErrInvalidToken, ErrNotFound, ErrFeatureDisabled.
func (s *CustomObjectService) ByIDAndToken(ctx context.Context, in CustomObjectByTokenRequest) (*CustomObject, error) {
	return do[CustomObject](ctx, s.c, opCustomObjectByIDAndToken, in)
}

// ListCustomObjectsRequest is the input of [CustomObjectService.List].
type ListCustomObjectsRequest struct {
	UID        string `lr:"path,uid,required"`
	ObjectName string `lr:"query,objectname,required"`
}

// List returns the records of an account; the list may be empty.
//
// GET /identity/v2/manage/account/{uid}/customobject with API key and secret; a read.
// Sentinels: ErrUserNotFound, ErrNotFound (the kind), ErrFeatureDisabled.
func (s *CustomObjectService) List(ctx context.Context, in ListCustomObjectsRequest) ([]CustomObject, error) {
	return orNoRecords(listed(do[listAnswer[CustomObject]](ctx, s.c, opCustomObjectList, in)))
}

// orNoRecords reads 1057, "custom object not found", in answer to a list as what it
// means: there is none yet.
func orNoRecords(list []CustomObject, err error) ([]CustomObject, error) {
	if isCode(err, CodeCustomObjectNotFoundDoesNot) {
		return []CustomObject{}, nil
	}
	return list, err
}

// ListCustomObjectsByTokenRequest is the input of [CustomObjectService.ListByToken].
type ListCustomObjectsByTokenRequest struct {
	AccessToken string `lr:"bearer,,required,secret"`
	ObjectName  string `lr:"query,objectname,required"`
}

// ListByToken returns the records of a logged-in user; the list may be empty.
//
// GET /identity/v2/auth/customobject with API key and access token; a read. Sentinels:
// ErrInvalidToken, ErrNotFound (the kind), ErrFeatureDisabled.
func (s *CustomObjectService) ListByToken(ctx context.Context, in ListCustomObjectsByTokenRequest) ([]CustomObject, error) {
	return orNoRecords(listed(do[listAnswer[CustomObject]](ctx, s.c, opCustomObjectListByToken, in)))
}

// UpdateCustomObjectRequest is the input of [CustomObjectService.Update].
type UpdateCustomObjectRequest struct {
	UID        string          `lr:"path,uid,required"`
	ObjectName string          `lr:"query,objectname,required"`
	ID         string          `lr:"path,object_record_id,required"`
	UpdateType UpdateType      `lr:"query,updatetype"` // default: LoginRadius' own; name one to be sure
	Object     json.RawMessage `lr:"body,*,required"`
}

// Update changes a record of an account and returns it as it is now.
//
// PUT /identity/v2/manage/account/{uid}/customobject/{object_record_id} with API key and
// secret. Sentinels: ErrUserNotFound, ErrNotFound, ErrValidation, ErrFeatureDisabled.
func (s *CustomObjectService) Update(ctx context.Context, in UpdateCustomObjectRequest) (*CustomObject, error) {
	return do[CustomObject](ctx, s.c, opCustomObjectUpdate, in)
}

// UpdateCustomObjectByTokenRequest is the input of [CustomObjectService.UpdateByToken].
type UpdateCustomObjectByTokenRequest struct {
	AccessToken string          `lr:"bearer,,required,secret"`
	ObjectName  string          `lr:"query,objectname,required"`
	ID          string          `lr:"path,object_record_id,required"`
	UpdateType  UpdateType      `lr:"query,updatetype"`
	Object      json.RawMessage `lr:"body,*,required"`
}

// UpdateByToken changes a record of a logged-in user and returns it as it is now.
//
// PUT /identity/v2/auth/customobject/{object_record_id} with API key and access token.
// Sentinels: ErrInvalidToken, ErrNotFound, ErrValidation, ErrFeatureDisabled.
func (s *CustomObjectService) UpdateByToken(ctx context.Context, in UpdateCustomObjectByTokenRequest) (*CustomObject, error) {
	return do[CustomObject](ctx, s.c, opCustomObjectUpdateByToken, in)
}

// Delete deletes a record of an account.
//
// DELETE /identity/v2/manage/account/{uid}/customobject/{object_record_id} with API key
// and secret. Sentinels: ErrUserNotFound, ErrNotFound, ErrFeatureDisabled.
func (s *CustomObjectService) Delete(ctx context.Context, in CustomObjectRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opCustomObjectDelete, in))
}

// DeleteByToken deletes a record of a logged-in user.
//
// DELETE /identity/v2/auth/customobject/{object_record_id} with API key and access token.
// Sentinels: ErrInvalidToken, ErrNotFound, ErrFeatureDisabled.
func (s *CustomObjectService) DeleteByToken(ctx context.Context, in CustomObjectByTokenRequest) error {
	return acknowledged(do[ackResponse](ctx, s.c, opCustomObjectDeleteByToken, in))
}
