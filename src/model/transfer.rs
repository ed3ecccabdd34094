//! Weights from one network to another that has the same layers in part: a new
//! head on a trained body.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{AnyModel, Model};
use crate::element::Element;
use crate::error::ShapeError;
use crate::graph::GraphParam;
use crate::network::Network;
use crate::spec::ParamDims;
use crate::weights::Weights;

impl<T: Element> AnyModel<T> {
    /// This network with the weights of `from`, which may have another type, but
    /// for the layers called `but` and all within them: those keep their own.
    ///
    /// Nothing is passed over in silence: apart from `but`, both networks must
    /// have the same parameters, under the same names and of the same shapes.
    ///
    /// # Errors
    ///
    /// If a parameter is in only one of the two, or has another shape, or if a
    /// name in `but` is no layer of this network.
    pub fn with_weights_of(mut self, from: &Self, but: &[&str]) -> Result<Self, ShapeError> {
        let kept = |param: &GraphParam| but.iter().any(|layer| within(&param.name, layer));
        if let Some(layer) = but.iter().find(|layer| !self.has_parameters(layer)) {
            return Err(ShapeError::new(format!("no layer with weights is called `{layer}`")));
        }
        let moved = |model: &Self| -> Vec<GraphParam> {
            model.graph.params().iter().filter(|param| !kept(param)).cloned().collect()
        };
        same(&moved(&self), &moved(from))?;
        let params = self.graph.params().iter().zip(self.weights.iter());
        let values = params.map(|(param, own)| {
            let new = if kept(param) { None } else { from.parameter(&param.name) };
            new.unwrap_or(own).to_vec()
        });
        self.weights = Weights::from_vecs(&self.graph, values.collect())?;
        Ok(self)
    }

    fn has_parameters(&self, layer: &str) -> bool {
        self.graph.params().iter().any(|param| within(&param.name, layer))
    }
}

impl<N: Network, T: Element> Model<N, T> {
    /// The network `M`, which has the very parameters of this one, in the same order
    /// and each as long, though its layers may be others; the values move over.
    pub(crate) fn with_layers_of<M: Network>(self) -> Model<M, T> {
        let graph = Model::<M, T>::lay_out();
        debug_assert!(
            graph.params().iter().map(GraphParam::len).eq(self.any.weights.iter().map(<[T]>::len)),
            "other parameters"
        );
        Model::from_any(AnyModel { graph, weights: self.any.weights })
    }

    /// This network with the weights of `from`, which may have another type, but
    /// for the layers called `but` and all within them: those keep their own.
    ///
    /// Nothing is passed over in silence: apart from `but`, both networks must
    /// have the same parameters, under the same names and of the same shapes.
    ///
    /// ```
    /// use typenet::prelude::*;
    ///
    /// network! { struct Body { conv: Conv2d<1, 4, K = 3>, relu: Relu, pool: GlobalAvgPool2d } }
    /// network! { struct Ten: [1, 28, 28] -> [10] { body: Body, fc: Linear<4, 10> } }
    /// network! { struct Two: [1, 64, 64] -> [2] { body: Body, fc: Linear<4, 2> } }
    ///
    /// let ten = Ten::random(1);
    /// let two = Two::random(2).with_weights_of(ten.as_any(), &["fc"])?;
    /// assert_eq!(two.parameter("body.conv.weight"), ten.parameter("body.conv.weight"));
    ///
    /// let error = Two::random(2).with_weights_of(ten.as_any(), &[]).unwrap_err();
    /// assert_eq!(error.to_string(), "`fc.weight` is 2×4 here, but 10×4 there");
    /// # Ok::<(), typenet::error::ShapeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a parameter is in only one of the two, or has another shape, or if a
    /// name in `but` is no layer of this network.
    pub fn with_weights_of(self, from: &AnyModel<T>, but: &[&str]) -> Result<Self, ShapeError> {
        self.any.with_weights_of(from, but).map(Self::from_any)
    }
}

/// Whether the parameter is one of the layer's, or of a layer within it.
fn within(param: &str, layer: &str) -> bool {
    param.strip_prefix(layer).is_some_and(|rest| rest.starts_with('.'))
}

/// A shape as a person writes it: `64×3×7×7`.
fn written(dims: ParamDims) -> String {
    let sizes: Vec<String> = dims.as_slice().iter().map(ToString::to_string).collect();
    sizes.join("×")
}

/// That both lists name the same parameters; their order is their own.
fn same(here: &[GraphParam], there: &[GraphParam]) -> Result<(), ShapeError> {
    let find = |list: &[GraphParam], name: &String| {
        list.iter().find(|param| param.name == *name).map(GraphParam::dims)
    };
    for param in here {
        let (name, dims) = (&param.name, param.dims());
        match find(there, name) {
            Some(other) if other == dims => {}
            Some(other) => {
                let (here, there) = (written(dims), written(other));
                let text = format!("`{name}` is {here} here, but {there} there");
                return Err(ShapeError::new(text));
            }
            None => return Err(ShapeError::new(format!("`{name}` is not there"))),
        }
    }
    match there.iter().find(|param| find(here, &param.name).is_none()) {
        Some(param) => Err(ShapeError::new(format!("`{}` is there, but not here", param.name))),
        None => Ok(()),
    }
}
